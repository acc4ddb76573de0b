// The apps that the daemon knows. Of an app with a misspelt name nothing would be found, and that
// would be said as if there were nothing.

import TOTPClient

extension TOTPClient {
    private struct Hello: Decodable {
        let configuredApps: [String]
    }

    func configuredApps() throws -> [String] {
        try ask(AdminQuery("hello")).read(Hello.self).configuredApps
    }

    /// Refuses an app that the configuration does not name and no account is of.
    func expectKnown(_ app: String) throws {
        var known = Set(try configuredApps())
        var cursor: String?
        while !known.contains(app) {
            let question = AdminQuery("apps").with("cursor", cursor).with("count", 1000)
            let page = try ask(question).read(Apps.Page.self)
            known.formUnion(page.apps.map(\.app))
            guard let next = page.cursor else { break }
            cursor = next
        }
        guard !known.contains(app) else { return }
        printError(
            "totpctl: there is no app '\(app)': the configuration does not name it, and no "
                + "account is of it")
        printError("hint: totpctl apps lists those that have accounts")
        throw ControlStatus.no
    }
}
