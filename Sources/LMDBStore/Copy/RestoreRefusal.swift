// Why nothing was restored. What was there is there.

import Accounts
import Store

package enum RestoreRefusal: Error, Sendable, CustomStringConvertible {
    case source(OpeningRefusal)
    /// It is the state directory.
    case ownSource
    case sourceInUse
    /// The file is shorter than its contents.
    case cut
    case damaged(CheckReport)
    /// Steps up to `now` would be used, and those of the newest event are behind it.
    case clockBehind(now: Instant, newestEvent: Instant)
    case state(String, StateDirectoryFault)
    /// Bytes that are free where the store would be, and what a start needs.
    case noRoom(Int, needed: Int)
    case failed(String)

    package var description: String {
        switch self {
        case .source(let refusal): return "the backup does not open: \(refusal)"
        case .ownSource:
            return "the backup is the state directory itself; hint: name the directory that "
                + "totpctl backup made"
        case .sourceInUse:
            return "a totpd is serving from the backup, so it is none; hint: have totpctl backup "
                + "make one"
        case .cut: return "the backup is cut short"
        case .damaged(let report):
            return "the backup has \(report.problemCount) problems; the first: "
                + (report.problems.first ?? "none is named")
        case .clockBehind(let now, let newestEvent):
            return "the clock says \(now.text), and the backup's newest event is of "
                + "\(newestEvent.text): codes that were used by then would count again; "
                + "set the clock"
        case .state(let path, let fault): return "state directory '\(path)': \(fault)"
        case .noRoom(let free, let needed):
            return "the file system of the state directory would have \(free >> 20) MiB left, and "
                + "totpd needs \((needed + 1 << 20 - 1) >> 20) MiB to start"
        case .failed(let cause): return cause
        }
    }

    /// Nil when the clock is not behind what the backup has seen. No word of the operator's makes
    /// up for that: the rule has nothing but the clock.
    init?(at now: Instant, newestEvent: Instant?) {
        guard let newestEvent, now < newestEvent else { return nil }
        self = .clockBehind(now: now, newestEvent: newestEvent)
    }

    init(_ error: any Error, source: String) {
        switch error {
        case let refusal as RestoreRefusal: self = refusal
        case let refusal as OpeningRefusal: self = .source(refusal)
        default: self = .failed(CopyFault(error).description)
        }
    }
}
