// `totpctl apps`: which apps have accounts, and how many, page by page.

import ArgumentParser
import TOTPClient

struct Apps: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apps",
        abstract: "List the apps that have accounts, or keys of limit.",
        discussion: """
            Apps are in the order of their names. For each it shows the accounts, the keys of \
            limit, the open connections, and the requests since the daemon started.
            """)

    @OptionGroup var admin: AdminSocket

    struct Page: Decodable {
        struct App: Decodable {
            let app: String
            let accounts: Int
            let limitKeys: Int?
            let connections: Int?
            let requests: Int?
        }

        let apps: [App]
        let cursor: String?
        let limitKeysUnattributed: Int?
        let limitRecordsUnreadable: Int?

        /// What the numbers of keys lack.
        func tell() {
            if let count = limitKeysUnattributed {
                printError(
                    "totpctl: of \(count) keys and sources the app is not known: an older version "
                        + "of totpd counted them")
            }
            if let count = limitRecordsUnreadable {
                printError("totpctl: \(count) records of limits do not open: 'check' says which")
            }
        }
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            var cursor: String?
            var table = Table("APP", "ACCOUNTS", "KEYS", "CONNECTIONS", "REQUESTS")
            repeat {
                let question = AdminQuery("apps").with("cursor", cursor).with("count", 1000)
                let answer = try client.ask(question)
                let page = try answer.read(Page.self)
                if admin.isJSON {
                    print(answer.line)
                } else if !page.apps.isEmpty {
                    for app in page.apps {
                        table.add(
                            app.app, "\(app.accounts)", app.limitKeys.map(String.init) ?? "-",
                            app.connections.map(String.init) ?? "-",
                            app.requests.map(String.init) ?? "-")
                    }
                    print(table.page())
                }
                cursor = page.cursor
                if cursor == nil { page.tell() }
            } while cursor != nil
        }
    }
}
