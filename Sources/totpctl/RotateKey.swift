// `totpctl rotate-key`: new keys under a daemon that goes on serving.

import ArgumentParser

struct RotateKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Seal under a new key.",
        discussion: """
            master: the few data keys are sealed under the first master key of the key file, at \
            once. Put the new key first, keep the old one behind it, and reload or restart first.
            record: a new record key seals from now on, and every record is sealed anew in the \
            background, also across a restart.
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case master
        case record
    }

    @Argument(help: "master or record.")
    var key: Kind
    @OptionGroup var admin: AdminSocket

    private struct Rotated: Decodable {
        let keyId: String
    }

    func run() throws {
        try reporting {
            let question = Question("rotate_key").with("key", key.rawValue)
            try admin.ask(question) { answer in
                let id = try answer.read(Rotated.self).keyId
                print("now sealing under \(key.rawValue) key \(id)")
            }
        }
    }
}
