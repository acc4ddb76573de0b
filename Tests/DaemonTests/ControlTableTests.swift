// What totpctl shows to people, as pure functions: tables, figures, moments, and `top`.

import Testing

@testable import totpctl

@Suite("totpctl shows")
struct ControlTableTests {
    @Test("columns that stay in line: wide letters, marks, and what a terminal would obey")
    func tables() {
        var table = Table("USER", "SINCE")
        table.add("ada", "1")
        table.add("山田", "2")
        table.add("e\u{301}va", "3")
        table.add("a\u{202e}b", "4")
        #expect(
            table.page() == """
                USER        SINCE
                ada         1
                山田        2
                e\u{301}va         3
                a\\u{202e}b  4
                """)
        // A further page stands below the one before.
        table.add("bo", "5")
        #expect(table.page() == "bo          5")
        table.add("a name that is longer", "6")
        #expect(table.page() == "a name that is longer  6")
    }

    @Test(
        "figures with their units",
        arguments: [
            ("uptime", 93_784, "1 d 2 h"), ("p99_us", 999, "999 µs"), ("max_us", 1000, "1.0 ms"),
            ("lane_wait_us", 2_560_000, "2.5 s"), ("room_bytes", 1023, "1023 bytes"),
            ("log_bytes_max", 1_048_576, "1.0 MiB"), ("database_bytes", 1_610_612_736, "1.5 GiB"),
            ("limit_keys_at", 0, "1970-01-01T00:00:00Z"), ("changes", 4000, "4000"),
        ])
    func figures(name: String, number: Int, text: String) {
        #expect(Figure.text(number, named: name) == text)
    }

    @Test(
        "moments as people write them",
        arguments: [
            ("90s", 1_764_489_510), ("1w", 1_763_884_800), ("2h", 1_764_482_400),
            ("today", 1_764_460_800), ("yesterday", 1_764_374_400),
            ("2025-11-29", 1_764_374_400), ("2025-11-29T01:00:00Z", 1_764_378_000), ("12", 12),
            ("tomorrow", nil), ("1y", nil), ("-3", nil), ("2025-13-01", nil), ("w", nil), ("", nil),
        ])
    func moments(text: String, seconds: Int?) {
        // 2025-11-30 08:00:00 UTC
        #expect(TimeArgument(text, now: 1_764_489_600)?.seconds == seconds)
    }

    private static func frame(
        uptime: Int, changes: Int, _ apps: [(String, [String: Int])]
    ) -> StatsFrame {
        StatsFrame(
            version: "1", uptime: uptime, connections: .init(apps: 2, admins: 1),
            byApp: apps.map {
                .init(app: $0.0, connections: 1, limitKeys: nil, requests: $0.1)
            }, lane: .init(changes: changes, waiting: 0, p50Us: 250, p99Us: 1200),
            store: .init(accounts: 7))
    }

    @Test("what happened between two looks, the busiest app first")
    func top() {
        let before = Self.frame(uptime: 10, changes: 5, [("a", ["verify.ok": 3])])
        let after = Self.frame(
            uptime: 12, changes: 25,
            [
                ("a", ["verify.ok": 5, "verify.wrong_code": 1]),
                ("b", ["verify.throttled": 8, "verify.replayed": 2]), ("c", [:]),
            ])
        let view = TopView(before: before, after: after, seconds: 2)
        #expect(
            view.rows == [
                .init(app: "b", connections: 1, requests: 10, right: 0, wrong: 2, throttled: 8),
                .init(app: "a", connections: 1, requests: 3, right: 2, wrong: 1, throttled: 0),
                .init(app: "c", connections: 1, requests: 0, right: 0, wrong: 0, throttled: 0),
            ])
        #expect(
            view.text(lines: .max) == """
                totpd 1, up 12 s, 7 accounts, 2 connections
                changes/s 10.0, waiting 0, a batch takes 250 µs (p99 1.2 ms)

                APP  CONNECTIONS  REQUESTS/S  RIGHT/S  WRONG/S  THROTTLED/S
                b    1            5.0         0.0      1.0      4.0
                a    1            1.5         1.0      0.5      0.0
                c    1            0.0         0.0      0.0      0.0
                """)
        #expect(view.text(lines: 6).hasSuffix("\n2 more"))
    }

    @Test("a daemon as well when nothing is wrong but what a health check expects")
    func despite() {
        func isWell(_ state: String, _ reasons: [String], despite: [String]) -> Bool {
            Status.Health(state: state, reasons: reasons).isWell(despite: despite)
        }
        #expect(isWell("ok", [], despite: []))
        #expect(!isWell("degraded", ["clock_unsynchronized"], despite: []))
        #expect(isWell("degraded", ["clock_unsynchronized"], despite: ["clock_unsynchronized"]))
        #expect(
            !isWell(
                "degraded", ["clock_unsynchronized", "disk_low"], despite: ["clock_unsynchronized"])
        )
        #expect(!isWell("failing", ["disk_full"], despite: ["disk_full"]))
        #expect(!isWell("degraded", [], despite: ["disk_low"]))
    }

    @Test("a daemon that was restarted, with its numbers from the beginning")
    func restarted() {
        let view = TopView(
            before: Self.frame(uptime: 100, changes: 50, [("a", ["verify.ok": 30])]),
            after: Self.frame(uptime: 1, changes: 4, [("a", ["verify.ok": 4])]), seconds: 2)
        #expect(view.rows.map(\.requests) == [4])
        #expect(view.text(lines: .max).contains("changes/s 2.0"))
    }
}
