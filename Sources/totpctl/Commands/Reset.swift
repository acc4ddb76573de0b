// `totpctl reset`: the lost phone. Support checks who is asking, and says so in the reason.

import ArgumentParser

struct Reset: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Remove a user's second factor, backup codes and counts.",
        discussion: "For a lost phone. Make sure first who is asking.")

    @OptionGroup var subject: UserArguments
    @Option(help: "Why. Kept in the account's events; up to 256 bytes.")
    var reason: String
    @Flag(
        help: """
            For a clock that was ahead when the user's codes were used: forget the codes that are \
            still to come, so that a secret can be imported.
            """)
    var forgetFuture = false
    @OptionGroup var consent: Confirmation
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            try consent.ask(
                "This removes the second factor of '\(subject.user)' of app '\(subject.app)'")
            let question = subject.question("reset").with("reason", reason)
                .with("forget_future", forgetFuture ? true : nil)
            try OtherApps.hinting(subject, admin) {
                try admin.ask(question) { answer in
                    print("'\(subject.user)' has no second factor any more")
                    guard let behind = try answer.clockBehind else { return }
                    print(
                        "totpd's clock was ahead: for \(behind) s it will refuse all codes of a "
                            + "secret that is imported for this user; hint: enrol again"
                            + (forgetFuture ? "" : ", or reset again with --forget-future"))
                }
            }
        }
    }
}
