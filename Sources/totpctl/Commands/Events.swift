// `totpctl events`: the audit trail, the newest at the end as in a log.

import ArgumentParser
import TOTPClient

struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show what happened.",
        discussion: """
            \(TimeArgument.forms)
            """)

    @OptionGroup var filter: EventFilter
    @Option(help: "Not before this moment.")
    var since: TimeArgument?
    @Option(help: "Before this moment.")
    var until: TimeArgument?
    @Option(help: "How many of the newest; with --since, of the oldest after that moment.")
    var limit = 50
    @Option(help: "Go on where an earlier run stopped, with the cursor that it printed.")
    var cursor: Int?
    @OptionGroup var admin: AdminSocket

    struct Page: Decodable {
        let events: [AuditEvent]
        let cursor: Int?
        let unreadable: [UnreadableEvent]?
    }

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is 1 or more") }
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            let isForward = since != nil
            var found: [AuditEvent] = []
            var cursor = cursor
            var unreadable = 0
            repeat {
                let question = filter.question("events").with("since", since?.seconds)
                    .with("until", until?.seconds).with("cursor", cursor)
                    .with("order", isForward ? "oldest" : "newest")
                    .with("count", min(1000, limit - found.count))
                let answer = try client.ask(question)
                let page = try answer.read(Page.self)
                if admin.isJSON { print(answer.line) }
                for event in page.unreadable ?? [] { event.tell() }
                unreadable += page.unreadable?.count ?? 0
                found += page.events
                cursor = page.cursor
            } while cursor != nil && found.count < limit
            // An app whose accounts are gone has events still.
            if found.isEmpty, unreadable == 0, cursor == nil, let app = filter.app {
                try client.expectKnown(app)
            }
            if !admin.isJSON {
                var table = AuditEvent.table(isForward ? found : found.reversed())
                print(table.page())
            }
            if let cursor {
                let side = isForward ? "later" : "older"
                printError("there may be \(side) ones: --cursor \(cursor) goes on")
            }
            if unreadable > 0 { throw ControlStatus.no }
        }
    }
}
