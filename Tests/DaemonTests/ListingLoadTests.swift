// All accounts of a large app, listed page by page by an admin while people log in: each is on one
// page, the daemon holds no more memory for it than a page takes, and what the people pay is
// printed.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Listing a large app on the real daemon", .serialized, .waits)
struct ListingLoadTests {
    private let daemon: DaemonProcess
    private static let accounts = Rounds.size(20_000, proof: 100_000)
    private static let perPage = 1000

    init() throws { daemon = try DaemonProcess.ready() }

    private func bringIn() throws {
        let admin = try daemon.connectAsAdmin()
        for start in stride(from: 0, to: Self.accounts, by: 512) {
            let lines = (start..<min(start + 512, Self.accounts)).map {
                #"{"op":"import","user":"user \#($0)","secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}"#
            }
            try #require(try admin.ask(lines).tally == ["ok": lines.count])
        }
    }

    private struct Page: Decodable {
        struct Row: Decodable {
            let user: String
        }

        let users: [Row]
        let cursor: String?
    }

    /// Everybody, and the most memory that the daemon had on the way.
    private static func list(
        _ admin: LineConnection, of pid: pid_t
    ) throws -> (users: [String], memory: Int) {
        var users: [String] = []
        var memory = 0
        var cursor: String?
        repeat {
            let field = cursor.map { #","cursor":"\#($0)""# } ?? ""
            try admin.send(#"{"op":"users","count":\#(perPage)\#(field)}"#)
            let line = try #require(try admin.receive())
            memory = max(memory, try anonymousBytes(of: pid))
            let page = try JSONDecoder().decode(Page.self, from: Data(line.utf8))
            users += page.users.map(\.user)
            cursor = page.cursor
        } while cursor != nil
        return (users, memory)
    }

    /// Memory that is the process's own, and not the page cache's (proc(5), RssAnon).
    private static func anonymousBytes(of pid: pid_t) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 1024
    }

    /// How long verifies took, one after the other; nobody is enrolled, which costs the same.
    private static func verifies(
        _ client: LineConnection, while goesOn: (Int) -> Bool
    ) throws -> [Duration] {
        var times: [Duration] = []
        while goesOn(times.count) {
            let began = ContinuousClock.now
            let user = "nobody \(times.count)"
            let reply = try client.ask(#"{"op":"verify","user":"\#(user)","code":"123456"}"#)
            times.append(began.duration(to: .now))
            try #require(reply.error == "not_enrolled")
        }
        return times.sorted()
    }

    private static func text(_ times: [Duration]) -> String {
        let (middle, high) = (times[times.count / 2], times[times.count * 99 / 100])
        return "\(times.count) verifies, median \(middle), p99 \(high)"
    }

    @Test("shows each account once, in bounded memory, while people log in")
    func pages() throws {
        try bringIn()
        let (client, admin) = (try daemon.connect(), try daemon.connectAsAdmin())
        let alone = try Self.verifies(client) { $0 < 1000 }
        let pid = try daemon.pid
        let before = try Self.anonymousBytes(of: pid)

        let listed = Results<(users: [String], memory: Int)>()
        let listing = Thread { listed.add { try Self.list(admin, of: pid) } }
        listing.start()
        let beside = try Self.verifies(client) { _ in !listing.isFinished }
        let found = try #require(try listed.get().first)

        #expect(found.users.count == Self.accounts && Set(found.users).count == Self.accounts)
        let grown = found.memory - before
        print("listing \(Self.accounts) accounts: \(Self.text(alone)) alone, \(Self.text(beside))")
        print("beside it; RssAnon was \(before >> 10) KiB, and grew by \(grown >> 10) KiB")
        // A page of the longest names has 600 KB, and is there as rows, as text and in a buffer.
        #expect(grown < 16 << 20)
        #expect(try daemon.check().ending == .exited(0))
    }
}
