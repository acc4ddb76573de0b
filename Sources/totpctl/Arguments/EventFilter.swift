// The options that say which events are meant.

import ArgumentParser

struct EventFilter: ParsableArguments {
    @Option(help: "Only this app.")
    var app: String?
    @Option(help: "Only this user.")
    var user: String?
    @Option(help: "Only this operation, for example verify.")
    var operation: String?
    @Option(help: "Only this result: ok, or the name of a refusal, for example wrong_code.")
    var result: String?

    func question(_ op: String) -> AdminQuery {
        AdminQuery(op).with("app", app).with("user", user).with("operation", operation)
            .with("result", result)
    }
}
