// `totpctl rotate-key`: new keys under a daemon that goes on serving. It must never say that all
// records are sealed anew before they are.

import ArgumentParser

struct RotateKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Seal under a new key.",
        discussion: """
            master: the few data keys are sealed under the first master key of the key file, at \
            once. Put the new key first, keep the old one behind it, and reload or restart first.
            record: a new record key seals from now on, and every record is sealed anew in the \
            background, also across a restart. It waits for the end of that; with a terminal, a \
            bar shows how far it is. Leaving does not stop it.
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case master
        case record
    }

    @Argument(help: "master or record.")
    var key: Kind
    @Flag(help: "Do not wait until every record is sealed anew.")
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
            if !admin.isJSON { print("every record is sealed under it") }
        }
    }
}
