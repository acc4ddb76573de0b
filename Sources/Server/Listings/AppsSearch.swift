// A page of apps, found in one look: their numbers are in memory, and no account is opened.

import Store
import Wire

struct AppsSearch: Sendable {
    private let request: AppsRequest
    private let loop: LoopFigures
    private var found: AppSlice?

    /// - Parameter loop: what the event loop has counted by now.
    init(_ request: AppsRequest, beside loop: LoopFigures) {
        (self.request, self.loop) = (request, loop)
    }

    var page: AppsPage {
        let apps = found?.apps ?? []
        let rows = apps.map { app in
            AppsPage.Row(
                app: app.name, accounts: app.accounts,
                connections: loop.connectionsByApp[app.name] ?? 0,
                requests: (loop.requestsByApp[app.name] ?? []).reduce(0) { $0 + $1.count })
        }
        return AppsPage(rows: rows, cursor: found?.isCut == true ? apps.last?.name : nil)
    }
}

extension AppsSearch: Search {
    mutating func look(into store: any AccountStore) throws(StoreFault) {
        found = try store.apps(after: request.after, atMost: request.count)
    }

    var isDone: Bool { found != nil }
    var reply: AdminReply { .apps(page) }

    func tell(_ warn: (String) -> Void) {}
}
