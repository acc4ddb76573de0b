// How many connections each app may have, so that no app can take the places of another.

import Accounts
import Configuration

struct ConnectionShares {
    /// For all apps together.
    let total: Int
    /// Nil: nothing is configured, and whoever comes first is served.
    private let shares: [AppName: Int]?

    /// - Parameter others: apps that have a socket, and perhaps no table in the file.
    init(_ configuration: Configuration, others: Set<AppName>, total: Int) {
        self.total = total
        guard !configuration.apps.isEmpty else {
            shares = nil
            return
        }
        var asked = configuration.apps.mapValues(\.connectionsMax)
        for app in others where asked[app] == nil { asked.updateValue(nil, forKey: app) }
        let granted = asked.values.compactMap { $0 }.reduce(0, +)
        let sharing = asked.values.count { $0 == nil }
        // The file was refused if it left none for an app that it names.
        let even = max(1, (total - granted) / max(1, sharing))
        shares = asked.mapValues { $0 ?? even }
    }

    func most(_ app: AppName) -> Int { shares.map { $0[app] ?? 0 } ?? total }
}
