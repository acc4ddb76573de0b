// Looks for a user in the other apps, when the app that was asked for has no such user. Otherwise
// support would tell a person that there is no second factor.

import TOTPClient

enum OtherApps {
    private struct Account: Decodable {
        let enrolled: Bool
        let pending: Bool
    }

    /// Looks through all apps, and says in which the user is.
    static func hint(_ subject: UserArguments, _ admin: AdminSocket) throws {
        let client = try admin.connect()
        var found: [String] = []
        var cursor: String?
        repeat {
            let question = AdminQuery("apps").with("cursor", cursor).with("count", 1000)
            let page = try client.ask(question).read(Apps.Page.self)
            for app in page.apps.map(\.app) where app != subject.app {
                let status = AdminQuery("status").with("app", app).with("user", subject.user)
                let account = try client.ask(status).read(Account.self)
                if account.enrolled || account.pending { found.append(app) }
            }
            cursor = page.cursor
        } while cursor != nil
        guard let first = found.first else { return }
        let names = found.map { "'\($0)'" }.joined(separator: ", ")
        printError("hint: a user of this name is in \(names): --app \(first)")
    }

    /// The same once a request was refused because there is nobody.
    static func hinting(
        _ subject: UserArguments, _ admin: AdminSocket, _ body: () throws -> Void
    ) throws {
        do {
            try body()
        } catch let refusal as RefusedAnswer where refusal.name == "not_enrolled" {
            try hint(subject, admin)
            throw refusal
        }
    }
}
