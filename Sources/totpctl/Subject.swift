// Whose account a subcommand is about.

import ArgumentParser

struct Subject: ParsableArguments {
    @Option(help: "The app whose user it is.")
    var app = "default"

    @Argument(help: "The user, as the app names it.")
    var user: String

    func question(_ op: String) -> Question {
        Question(op).with("app", app).with("user", user)
    }
}
