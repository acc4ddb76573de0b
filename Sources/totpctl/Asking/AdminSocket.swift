// Sends requests to the daemon, on its admin socket, as anybody may who can open it.

import ArgumentParser
import TOTPClient

/// What every subcommand that asks the daemon has.
struct AdminSocket: ParsableArguments {
    static let usual = "/run/totpd/admin.sock"

    @Option(help: "The admin socket.")
    var socket = AdminSocket.usual

    @Flag(name: .customLong("json"), help: "Print the daemon's replies, a JSON object a line.")
    var isJSON = false

    /// - Parameter timeout: for one answer. A check of a large store takes its time.
    func connect(timeout: Duration = .seconds(30)) throws -> TOTPClient {
        do {
            return try TOTPClient(connectingTo: socket, timeout: timeout)
        } catch {
            throw ControlFault("\(error)", hint: "totpctl doctor says what is wrong")
        }
    }

    /// One question on a connection of its own. Throws what was refused.
    func ask(_ question: AdminQuery, timeout: Duration = .seconds(30)) throws -> AdminAnswer {
        try connect(timeout: timeout).ask(question)
    }

    /// Asks, and prints the answer: the line itself, or what `show` makes of it.
    func ask(
        _ question: AdminQuery, timeout: Duration = .seconds(30), show: (AdminAnswer) throws -> Void
    ) throws {
        let answer = try ask(question, timeout: timeout)
        if isJSON {
            print(answer.line)
        } else {
            try show(answer)
        }
    }
}

extension TOTPClient {
    /// Throws `ControlFault` when there is no answer, and `RefusedAnswer` when it is a no.
    func ask(_ question: AdminQuery) throws -> AdminAnswer {
        let reply: Reply
        do {
            reply = try request(try question.line)
        } catch let error as ClientError {
            throw ControlFault(
                "\(error)", hint: "totpctl status says how the daemon is",
                isSilence: error == .timedOut)
        }
        return try AdminAnswer(reply)
    }
}
