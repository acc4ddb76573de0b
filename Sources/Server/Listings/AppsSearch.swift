// A page of apps, found in one look: the numbers of accounts are in memory, and the keys of `limit`
// were counted before. No account is opened. An app that has keys alone is there as well.

import Accounts
import Store
import Wire

struct AppsSearch: Sendable {
    private let request: AppsRequest
    private let connections: [AppName: Int]
    private let requests: [AppName: [RequestCount]]
    private let keys: LimitKeyCount.Finding
    private var found: AppSlice?

    /// - Parameter keys: of `limit`.
    init(
        _ request: AppsRequest, connections: [AppName: Int],
        requests: [AppName: [RequestCount]], _ keys: LimitKeyCount.Finding
    ) {
        (self.request, self.keys) = (request, keys)
        (self.connections, self.requests) = (connections, requests)
    }

    var page: AppsPage {
        let slice = found ?? AppSlice(apps: [], isCut: false)
        let all = slice.joined(by: keys.counts.byApp.keys, after: request.after)
        let rows = all.prefix(request.count).map { app in
            AppsPage.Row(
                app: app.name, accounts: app.accounts,
                limitKeys: keys.counts.byApp[app.name] ?? 0,
                connections: connections[app.name] ?? 0,
                requests: (requests[app.name] ?? []).reduce(0) { $0 + $1.count })
        }
        let isCut = slice.isCut || all.count > rows.count
        return AppsPage(
            rows: rows, cursor: isCut ? rows.last?.app : nil, limitKeys: Figures.LimitKeys(keys))
    }
}

extension AppSlice {
    /// With those of other apps that belong into the slice, in the order of their names.
    fileprivate func joined(
        by others: some Sequence<AppName>, after: AppName?
    ) -> [AccountCount] {
        let known = Set(apps.map(\.name))
        let end = isCut ? apps.last?.name : nil
        let joined = others.filter { name in
            !known.contains(name) && after.map { $0 < name } ?? true
                && end.map { name < $0 } ?? true
        }
        return (apps + joined.map { AccountCount(name: $0, accounts: 0) })
            .sorted { $0.name < $1.name }
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

extension Figures.LimitKeys {
    init(_ found: LimitKeyCount.Finding) {
        self.init(
            at: found.at.seconds, unattributed: found.counts.ofUnknown,
            unreadable: found.counts.unreadable)
    }
}
