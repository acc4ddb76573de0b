// totpctl: what an admin does at a terminal. It must never print a secret, but for `keygen`, whose
// work that is.

import ArgumentParser

@main
struct TOTPControl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totpctl",
        abstract: "Look after totpd.",
        subcommands: [KeyGen.self, Check.self])
}
