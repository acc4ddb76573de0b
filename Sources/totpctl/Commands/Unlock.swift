// `totpctl unlock`: takes back failures, waits and locks. The factor stays.

import ArgumentParser

struct Unlock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Clear a user's failures, waits and locks.")

    @OptionGroup var subject: UserArguments
    @Option(help: "Why. Kept in the account's events; up to 256 bytes.")
    var reason: String?
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            try OtherApps.hinting(subject, admin) {
                try admin.ask(subject.question("unlock").with("reason", reason)) { _ in
                    print("the counts of '\(subject.user)' are cleared")
                }
            }
        }
    }
}
