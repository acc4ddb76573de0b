// `totpctl users`: who has an account, page by page, so that a million users need no more memory
// than a hundred.

import ArgumentParser
import Glibc
import TOTPClient

struct Users: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "List the users of an app.",
        discussion: "In the order of the store, which is not that of the names.")

    @Option(help: "The app.")
    var app = "default"
    @Option(help: "Only users that begin with this.")
    var prefix: String?
    @Option(help: "How many at most (default: all).")
    var limit: Int?
    @Option(help: "Go on where an earlier run stopped, with the cursor that it printed.")
    var cursor: String?
    @OptionGroup var admin: AdminSocket

    struct Page: Decodable {
        struct User: Decodable {
            let user: String
            let enrolled: Bool
            let pending: Bool
            let enrolledAt: Int?
            let backupCodesLeft: Int
            let locked: Bool
            let weak: Bool?
        }

        let users: [User]
        let cursor: String?
        let unreadable: Int?
    }

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit is 1 or more") }
    }

    func run() throws {
        try reporting {
            let client = try admin.connect()
            var left = limit ?? .max
            var cursor = cursor
            if cursor == nil { try client.expectKnown(app) }
            var table = Table("USER", "SINCE", "BACKUP CODES", "STATE")
            var unreadable = 0
            repeat {
                let answer = try client.ask(question(cursor, count: min(left, 1000)))
                let page = try answer.read(Page.self)
                if admin.isJSON {
                    print(answer.line)
                } else if !page.users.isEmpty {
                    Self.add(page, to: &table)
                    print(table.page())
                }
                unreadable += page.unreadable ?? 0
                left -= page.users.count
                cursor = page.cursor
            } while cursor != nil && left > 0
            if let cursor { printError("there may be more: --cursor \(cursor) goes on") }
            if unreadable > 0 {
                printError(
                    "totpctl: the records of \(unreadable) accounts, of any app, do not open")
                throw ControlStatus.no
            }
        }
    }

    private func question(_ cursor: String?, count: Int) -> AdminQuery {
        AdminQuery("users").with("app", app).with("prefix", prefix).with("cursor", cursor)
            .with("count", count)
    }

    private static func add(_ page: Page, to table: inout Table) {
        for user in page.users {
            let states = [
                user.enrolled ? nil : "not enrolled", user.pending ? "pending" : nil,
                user.locked ? "locked" : nil, user.weak ?? false ? "short secret" : nil,
            ].compactMap { $0 }
            table.add(
                user.user, user.enrolledAt.map(TimeArgument.text) ?? "-", "\(user.backupCodesLeft)",
                states.isEmpty ? "ok" : states.joined(separator: ", "))
        }
    }
}
