// Exit statuses, as totpctl(1) lists them; 64 is for wrong options (EX_USAGE, sysexits.h).

import ArgumentParser

enum ControlStatus {
    /// The daemon could not be asked, or did not answer.
    static let unanswered = ExitCode(1)
    /// The answer was no, or problems were found.
    static let no = ExitCode(2)
    /// The person said no.
    static let abandoned = ExitCode(3)
}
