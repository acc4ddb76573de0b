// `totpctl backup`: a copy of the store, made by the daemon while it runs.

import ArgumentParser

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the store while the daemon runs.",
        discussion: """
            The daemon writes the copy, so the path must be one that it may write to, for example \
            /var/backups/totpd/NAME. /tmp and /var/tmp will not do: the service has its own. The \
            copy opens only with the master key that seals the store now. Keep the two apart.
            """)

    @Argument(help: "The absolute path of a directory that does not exist yet.")
    var path: String
    @OptionGroup var admin: AdminSocket

    private struct Copied: Decodable {
        let accounts: Int
        let events: Int
        let bytes: Int
    }

    func run() throws {
        try reporting {
            let question = AdminQuery("backup").with("path", path)
            try admin.ask(question, timeout: .seconds(3600)) { answer in
                let copied = try answer.read(Copied.self)
                print(
                    "\(copied.accounts) accounts, \(copied.events) events, \(copied.bytes) bytes "
                        + "in \(path)")
            }
        }
    }
}
