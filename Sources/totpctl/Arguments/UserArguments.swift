// Whose account a subcommand is about.

import ArgumentParser

struct UserArguments: ParsableArguments {
    @Option(help: "The user's app.")
    var app = "default"

    @Argument(help: "The user, as the app names it.")
    var user: String

    func question(_ op: String) -> AdminQuery {
        AdminQuery(op).with("app", app).with("user", user)
    }
}
