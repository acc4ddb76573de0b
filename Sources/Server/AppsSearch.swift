// A page of apps, found in one look: their numbers are in memory. It must open no account.

import Store
import Wire

struct AppsSearch: Sendable {
    private let request: AppsRequest
    private var found: AppSlice?

    init(_ request: AppsRequest) { self.request = request }

    var page: AppsPage {
        let apps = found?.apps ?? []
        let rows = apps.map { AppsPage.Row(app: $0.name, accounts: $0.accounts) }
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
