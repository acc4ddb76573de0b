// Why a subcommand could not do its work, for people, and the exit status that says so to scripts.

import ArgumentParser
import Foundation
import Secrets

/// Something is wrong on this side, or nobody answered.
struct ControlFault: Error, CustomStringConvertible {
    let description: String
    let hint: String?
    /// Somebody takes connections and answers none.
    let isSilence: Bool

    init(_ description: String, hint: String? = nil, isSilence: Bool = false) {
        self.description = description
        self.hint = hint
        self.isSilence = isSilence
    }
}

/// Exit statuses, as totpctl(1) lists them; 64 is for wrong options (EX_USAGE, sysexits.h).
enum ControlStatus {
    /// The daemon could not be asked, or did not answer.
    static let unanswered = ExitCode(1)
    /// The answer was no, or problems were found.
    static let no = ExitCode(2)
    /// The person said no.
    static let abandoned = ExitCode(3)
}

extension ParsableCommand {
    /// Runs a subcommand's body, and turns what it throws into one line and an exit status.
    func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
            try finishOutput()
        } catch let exit as ExitCode {
            throw exit
        } catch let usage as ValidationError {
            throw usage
        } catch let refusal as RefusedAnswer {
            printError("totpctl: \(refusal)")
            throw ControlStatus.no
        } catch let fault as ControlFault {
            printError("totpctl: \(fault)")
            if let hint = fault.hint { printError("hint: \(hint)") }
            throw ControlStatus.unanswered
        } catch {
            printError("totpctl: \(error)")
            throw ControlStatus.unanswered
        }
    }

    /// What was printed has to arrive: a list or a key that is cut short is none.
    private func finishOutput() throws {
        guard !StandardOutput.finish() else { return }
        throw ControlFault("what was to be printed could not be written: \(errorText(errno))")
    }
}
