// `totpctl sources`: which sources have sent too many wrong codes.

import ArgumentParser

struct Sources: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources",
        abstract: "List the sources that are spent: too many wrong codes came from them.",
        discussion: "Codes from them are refused for the time in the second column.")

    @Option(help: "The app.")
    var app = "default"
    @Option(help: "How many, of those that wait longest.")
    var limit = 100
    @OptionGroup var admin: AdminSocket

    private struct Spent: Decodable {
        struct Row: Decodable {
            let source: String
            let retryAfter: Int
        }

        let sources: [Row]
        let count: Int
        let since: Int
        let whole: Bool
    }

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit is 1 to 1000") }
    }

    func run() throws {
        try reporting {
            try admin.connect().expectKnown(app)
            let question = AdminQuery("sources").with("app", app).with("count", limit)
            try admin.ask(question) { answer in
                let spent = try answer.read(Spent.self)
                var table = Table("SOURCE", "WAITS")
                for row in spent.sources { table.add(row.source, "\(row.retryAfter) s") }
                print(table.isEmpty ? "no source is spent" : table.page())
                let left = spent.count - spent.sources.count
                if left > 0 { print("\(left) more are spent: --limit shows up to 1000") }
                if !spent.whole {
                    printError(
                        "totpctl: only wrong codes since \(TimeArgument.text(spent.since)) "
                            + "were looked at; more sources may be spent")
                }
            }
        }
    }
}
