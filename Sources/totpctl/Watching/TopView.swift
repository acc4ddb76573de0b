// What happened between two looks, by app: the text that `totpctl top` shows.

struct TopView {
    let before: StatsFrame
    let after: StatsFrame
    /// Between the looks.
    let seconds: Double

    /// What one app did meanwhile.
    struct Row: Equatable {
        let app: String
        let connections: Int
        let requests: Int
        /// Codes of `verify` that were right.
        let right: Int
        /// Answers that mean a wrong code, or one too many.
        let wrong: Int
        let throttled: Int
    }

    /// The busiest first. After a restart of the daemon its numbers begin again, and so do these.
    var rows: [Row] {
        let isSameDaemon = after.uptime >= before.uptime
        let known = Dictionary(
            before.byApp.map { ($0.app, $0.requests) }, uniquingKeysWith: { first, _ in first })
        return after.byApp.map { app in
            let old = isSameDaemon ? known[app.app] ?? [:] : [:]
            let new = app.requests.map { ($0.key, max(0, $0.value - (old[$0.key] ?? 0))) }
            func sum(_ isMeant: (String) -> Bool) -> Int {
                new.reduce(0) { isMeant($1.0) ? $0 + $1.1 : $0 }
            }
            return Row(
                app: app.app, connections: app.connections, requests: sum { _ in true },
                right: sum { $0 == "verify.ok" },
                wrong: sum { $0.hasSuffix(".wrong_code") || $0.hasSuffix(".replayed") },
                throttled: sum { $0.hasSuffix(".throttled") || $0.hasSuffix(".locked") })
        }.sorted { ($1.requests, $0.app) < ($0.requests, $1.app) }
    }

    /// - Parameter lines: how many fit; the least busy apps are left out, and counted.
    func text(lines: Int) -> String {
        var table = Table("APP", "CONNECTIONS", "REQUESTS/S", "RIGHT/S", "WRONG/S", "THROTTLED/S")
        let rows = rows
        let shown = max(1, lines - 5)
        for row in rows.prefix(shown) {
            table.add(
                row.app, "\(row.connections)", rate(row.requests), rate(row.right),
                rate(row.wrong), rate(row.throttled))
        }
        let isSameDaemon = after.uptime >= before.uptime
        let changes = after.lane.changes - (isSameDaemon ? before.lane.changes : 0)
        var text = """
            totpd \(after.version), up \(textOfSeconds(after.uptime)), \
            \(after.store.accounts) accounts, \(after.connections.apps) connections
            changes/s \(rate(changes)), waiting \(after.lane.waiting), a batch takes \
            \(Figure.text(after.lane.p50Us, named: "p50_us")) (p99 \
            \(Figure.text(after.lane.p99Us, named: "p99_us")))


            """
        text += table.page()
        if rows.count > shown { text += "\n\(rows.count - shown) more" }
        return text
    }

    /// With one digit behind the point.
    private func rate(_ count: Int) -> String {
        let tenths = Int((Double(count) / max(seconds, 0.001) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
