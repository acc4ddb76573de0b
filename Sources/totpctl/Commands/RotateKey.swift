// `totpctl rotate-key`: new keys while the daemon runs. It waits until all records are re-sealed.

import ArgumentParser

struct RotateKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Seal under a new key.",
        discussion: """
            master: seal the few data keys under the first master key of the key file, at once. \
            Before that, put the new key first, keep the old one behind it, and reload or restart.
            record: seal under a new record key from now on, and re-seal every record in the \
            background. The command waits until that is done, and shows a bar on a terminal. The \
            daemon goes on after a restart, and when the command is stopped.
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case master
        case record
    }

    @Argument(help: "master or record.")
    var key: Kind
    @Flag(help: "Do not wait until every record is re-sealed.")
    var noWait = false
    @OptionGroup var admin: AdminSocket

    private struct Rotated: Decodable {
        let keyId: String
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            let answer = try client.ask(AdminQuery("rotate_key").with("key", key.rawValue))
            let id = try answer.read(Rotated.self).keyId
            print(admin.isJSON ? answer.line : "now sealing under \(key.rawValue) key \(id)")
            guard key == .record, !noWait else { return }
            try JobProgress("rotate_key").wait(client)
            if !admin.isJSON { print("every record is sealed under the new key") }
        }
    }
}
