// `totpctl doctor`: goes through what has to be right, in the order in which a request meets it,
// and says what to do about what is not. It must never change anything.

import ArgumentParser

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out what is wrong, and say what to do.",
        discussion: "Exit status: 0 when nothing is wrong, 2 otherwise.")

    @Option(help: "The apps' socket.")
    var appSocket = "/run/totpd/totpd.sock"
    @Option(help: "The configuration.")
    var config = "/etc/totpd/totpd.toml"
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            var findings = [
                SocketExamination(path: admin.socket, unit: "totpd-admin.socket").finding,
                SocketExamination(path: appSocket, unit: "totpd.socket").finding,
                FileExamination.configuration(config),
            ]
            findings += DaemonExamination(admin).findings
            for finding in findings { finding.print() }
            if findings.contains(where: { !$0.isGood }) { throw ControlStatus.no }
        }
    }
}

/// What was looked at, what was seen, and what to do about it.
struct Finding: Equatable {
    let what: String
    let seen: String
    /// Nil when all is well.
    let advice: String?

    var isGood: Bool { advice == nil }

    static func good(_ what: String, _ seen: String) -> Finding {
        Finding(what: what, seen: seen, advice: nil)
    }

    static func bad(_ what: String, _ seen: String, advice: String) -> Finding {
        Finding(what: what, seen: seen, advice: advice)
    }

    func print() {
        Swift.print("\(isGood ? "ok  " : "BAD ")  \(what): \(seen)")
        if let advice { Swift.print("      do: \(advice)") }
    }
}
