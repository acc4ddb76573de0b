// `totpctl reset`: the lost phone. Support must have checked who asks, and says so in the reason.

import ArgumentParser

struct Reset: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Remove a user's second factor, backup codes and counts.",
        discussion: "For a person whose phone is lost, once you know who it is that asks.")

    @OptionGroup var subject: Subject
    @Option(help: "Why; kept in the account's events, up to 256 bytes.")
    var reason: String
    @OptionGroup var consent: Consent
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            try consent.ask(
                "This removes the second factor of '\(subject.user)' of app '\(subject.app)'")
            try admin.ask(subject.question("reset").with("reason", reason)) { _ in
                print("'\(subject.user)' has no second factor now")
            }
        }
    }
}
