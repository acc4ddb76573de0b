// How a subcommand ends: what it throws becomes one line for people and an exit status for
// scripts.

import ArgumentParser
import LMDBStore
import Store
import Systemd

extension ParsableCommand {
    /// Runs a subcommand's body, and turns what it throws into one line and an exit status.
    func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let exit as ExitCode {
            throw exit
        } catch let usage as ValidationError {
            throw usage
        } catch let fault as OutputFault {
            throw fault
        } catch let refusal as RefusedAnswer {
            printError("totpctl: \(refusal)")
            throw ControlStatus.no
        } catch let fault as ControlFault {
            printError("totpctl: \(fault)")
            if let hint = fault.hint { printError("hint: \(hint)") }
            throw ControlStatus.unanswered
        } catch let refusal as OpeningRefusal {
            printError("totpctl: \(refusal)")
            throw ControlStatus.of(refusal)
        } catch let fault as StoreFault {
            printError("totpctl: \(fault)")
            throw ControlStatus.of(fault)
        } catch {
            printError("totpctl: \(error)")
            throw ControlStatus.unanswered
        }
    }
}
