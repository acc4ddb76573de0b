// `totpctl clear-source`: lets a source in again before its time.

import ArgumentParser

struct ClearSource: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear-source",
        abstract: "Forget the wrong codes of a source, and let it in again.",
        discussion: "The waits of accounts stay; 'unlock' clears those.")

    @Option(help: "The app.")
    var app = "default"
    @Argument(help: "The source, in any form that it may have in a request.")
    var source: String
    @Option(help: "Why. Kept in the events; up to 256 bytes.")
    var reason: String?
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            try admin.connect().expectKnown(app)
            let question = AdminQuery("clear_source").with("app", app).with("source", source)
                .with("reason", reason)
            try admin.ask(question) { _ in print("nothing is spent of '\(source)' any more") }
        }
    }
}
