// `totpctl rotate-key`: new keys under a daemon that goes on serving.

import ArgumentParser
import Foundation
import TOTPClient

struct RotateKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Seal under a new key.",
        discussion: """
            master: the few data keys are sealed under the first master key of the key file, at \
            once. Put the new key first, keep the old one behind it, and reload or restart first.
            record: a new record key is made, and every record sealed anew in the background. With \
            a terminal, a bar shows how far it is; leaving does not stop it.
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case master
        case record
    }

    @Argument(help: "master or record.")
    var key: Kind
    @Flag(help: "Do not wait for the end of a record key's rotation.")
    var noWait = false
    @OptionGroup var admin: AdminSocket

    private struct Rotated: Decodable {
        let keyId: String?
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            let answer = try client.ask(Question("rotate_key").with("key", key.rawValue))
            if admin.isJSON {
                print(answer.line)
            } else {
                let id = try answer.read(Rotated.self).keyId
                print("now sealing under \(key.rawValue) key \(id ?? "")")
            }
            if key == .record, !noWait { try JobProgress("rotate_key").wait(client) }
        }
    }
}
