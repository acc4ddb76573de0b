// Asks before something is destroyed. Without a terminal the answer is no, unless the command line
// said yes.

import ArgumentParser
import Glibc

struct Confirmation: ParsableArguments {
    @Flag(name: .customLong("yes"), help: "Do not ask first.")
    var isGiven = false

    /// Returns when the person agrees; throws otherwise.
    func ask(_ what: String) throws {
        guard !isGiven else { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw ValidationError("\(what): there is no terminal to ask on, so give --yes")
        }
        printError("\(what). Go on? [y/N]")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            printError("totpctl: nothing was done")
            throw ControlStatus.abandoned
        }
    }
}
