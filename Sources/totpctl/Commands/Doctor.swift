// `totpctl doctor`: checks what has to be right, in the order in which a request meets it, and says
// what to do about what is not. It changes nothing.

import ArgumentParser

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out what is wrong, and say what to do.",
        discussion: """
            It connects to every socket, reads the configuration, opens the credential, and asks \
            the daemon how it is. With --json it prints one JSON object.
            Exit status: 0 when nothing is wrong, 2 otherwise.
            """)

    @Option(help: "The apps' socket. Sockets of single apps lie beside it.")
    var appSocket = "/run/totpd/totpd.sock"
    @Option(help: "The configuration.")
    var config = "/etc/totpd/totpd.toml"
    @Option(help: "The sealed master keys.")
    var credential = "/etc/totpd/totpd.keys.cred"
    @OptionGroup var unit: DaemonUnit
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            var findings = [
                SocketExamination(path: admin.socket, unit: "totpd-admin.socket").finding
            ]
            findings += AppSocketExamination(apps: appSocket, admin: admin.socket).findings
            findings += ConfigurationExamination.findings(config)
            // A daemon of no unit has its keys from elsewhere.
            if unit.name(for: admin) != nil || CredentialExamination.isThere(credential) {
                findings.append(CredentialExamination.finding(credential))
            }
            findings += DaemonExamination(admin, unit).findings
            if admin.isJSON {
                print(try JSONText.object(Report(findings: findings)))
            } else {
                for finding in findings { finding.print() }
            }
            if findings.contains(where: { !$0.isGood }) { throw ControlStatus.no }
        }
    }

    private struct Report: Encodable {
        let ok: Bool
        let findings: [Finding]

        init(findings: [Finding]) {
            ok = findings.allSatisfy(\.isGood)
            self.findings = findings
        }
    }
}
