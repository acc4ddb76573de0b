// How a subcommand ends: what it throws becomes one line for people and an exit status for
// scripts.

import ArgumentParser
import Foundation
import Secrets

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
        throw ControlFault("the output could not be written: \(errorText(errno))")
    }
}
