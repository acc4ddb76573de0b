// Exit statuses, as totpctl(1) lists them; 64 is for wrong options (EX_USAGE, sysexits.h).

import ArgumentParser
import LMDBStore
import Store

enum ControlStatus {
    /// The daemon could not be asked, or did not answer; a file could not be read or written.
    static let unanswered = ExitCode(1)
    /// The answer was no, or problems were found.
    static let no = ExitCode(2)
    /// The person said no.
    static let abandoned = ExitCode(3)

    // MARK: What `check` and `restore` read themselves

    /// A store that is damaged has problems; one that could not be looked at has not been found to
    /// have any.
    static func of(_ refusal: OpeningRefusal) -> ExitCode {
        switch refusal {
        case .damaged, .engine, .canary, .mixed, .keysGone, .tableGone, .eventsBehindEnd,
            .eventsMissing, .otherEpoch, .log:
            no
        case .directory, .addressSpace, .wrapping, .noStore, .unknownFormat, .copy, .epoch:
            unanswered
        }
    }

    static func of(_ refusal: RestoreRefusal) -> ExitCode {
        switch refusal {
        case .source(let refusal): of(refusal)
        case .cut, .damaged, .clockBehind: no
        case .ownSource, .sourceInUse, .state, .noRoom, .failed: unanswered
        }
    }

    static func of(_ fault: StoreFault) -> ExitCode {
        switch fault {
        case .unreadable: no
        case .full, .away, .broken: unanswered
        }
    }
}
