// `totpctl status`: is it well? One look for a person, one exit status for a script.

import ArgumentParser
import TOTPClient

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how the daemon is.",
        discussion: "Exit status: 0 when it is well, 2 when it is degraded or failing.")

    @OptionGroup var admin: AdminSocket

    private struct Hello: Decodable {
        let version: String
    }

    struct Health: Decodable {
        let state: String
        let reasons: [String]

        var isWell: Bool { state == "ok" }
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            let hello = try client.ask(Question("hello"))
            let answer = try client.ask(Question("health"))
            let health = try answer.read(Health.self)
            if admin.isJSON {
                print(hello.line)
                print(answer.line)
            } else {
                print("totpd \(try hello.read(Hello.self).version): \(health.state)")
                for reason in health.reasons.map(HealthReason.init) {
                    print("  \(reason.words)\n  do: \(reason.advice)")
                }
            }
            if !health.isWell { throw ControlStatus.no }
        }
    }
}
