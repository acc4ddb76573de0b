// `totpctl rename`: gives an account another name, and its devices, counts and history with it.

import ArgumentParser

struct Rename: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Give a user another name, or move one to another app.",
        discussion: "A name that totpd knows anything of is refused.")

    @OptionGroup var subject: UserArguments
    @Argument(help: "The new name, as the app knows it.")
    var to: String
    @Option(help: "The app of the new name (default: the user's app).")
    var toApp: String?
    @Option(help: "Why. Kept in the account's events; up to 256 bytes.")
    var reason: String?
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            try OtherApps.hinting(subject, admin) {
                let question = subject.question("rename").with("to", to).with("to_app", toApp)
                try admin.ask(question.with("reason", reason)) { _ in
                    print("'\(subject.user)' is '\(to)' from now on")
                }
            }
        }
    }
}
