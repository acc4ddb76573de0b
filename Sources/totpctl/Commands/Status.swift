// `totpctl status`: is it well? One look for a person, one exit status for a script.

import ArgumentParser
import TOTPClient

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how the daemon is.",
        discussion: """
            If the daemon does not answer within 1.5 s, systemd is asked for its state. With \
            --json it prints one JSON object.
            Exit status: 0 the daemon is well, 1 it does not answer, 2 it is degraded or failing.
            --despite is for health checks where a reason is the normal state: in a container, \
            whose clock the host sets, clock_unsynchronized. A daemon that is failing never passes.
            """)

    @Option(name: .customLong("despite"), help: "A reason that is no reason here.")
    var accepted: [String] = []

    @OptionGroup var unit: DaemonUnit
    @OptionGroup var admin: AdminSocket

    struct Health: Decodable {
        let state: String
        let reasons: [String]

        var isWell: Bool { state == "ok" }

        /// When nothing is wrong but what is normal here.
        func isWell(despite accepted: [String]) -> Bool {
            isWell
                || state == "degraded" && !reasons.isEmpty
                    && reasons.allSatisfy(accepted.contains)
        }
    }

    func validate() throws {
        if let unknown = accepted.first(where: { !HealthReason(name: $0).isKnown }) {
            throw ValidationError("--despite: '\(unknown)' is no reason of health")
        }
    }

    func run() throws {
        try reporting {
            let look: DaemonLook
            do {
                look = try DaemonLook.take(admin, unit)
            } catch let silence as SilentDaemon {
                if admin.isJSON { print(try JSONText.object(silence)) }
                throw silence.fault
            }
            if admin.isJSON {
                print(try look.json)
            } else {
                print("totpd \(look.version): \(look.health.state)")
                for reason in look.health.reasons.map(HealthReason.init) {
                    print("  \(reason.words)\n  do: \(reason.advice)")
                }
            }
            if !look.health.isWell(despite: accepted) { throw ControlStatus.no }
        }
    }
}
