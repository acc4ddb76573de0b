// Everything that has a thread of its own, at once: what Thread Sanitizer watches in .ci/run.
// Without it, this is a test that nobody's answer is lost or given twice in such a crowd.

import DaemonHarness
import Foundation
import OneTimeCodes
import Patience
import Secrets
import SeededRandom
import Testing

@Suite("All threads at once", .serialized)
struct AllThreadsTests {
    private static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    private static let rounds = Rounds.number(6, proof: 60)
    private static let people = 120
    private static let clients = 3

    private let site: ThreadSite

    init() throws { site = try ThreadSite() }

    /// What an authenticator app shows for a secret, now.
    private func code(of secret: String = AllThreadsTests.secret) throws -> String {
        let bytes = try #require(Base32.decode(secret))
        let step = TOTP.step(at: site.now.seconds, period: 30)
        return TOTP.code(secret: bytes, step: step, parameters: .standard).text
    }

    private func user(_ index: Int) -> String { "person \(index)" }

    /// One round: each client asks for every third person, so that batches hold several; then each
    /// asks once more, and nobody gets a second yes.
    private func verifyAll(_ client: LineConnection, _ number: Int, _ code: String) throws {
        let mine = stride(from: number, to: Self.people, by: Self.clients)
        let lines = mine.flatMap { index in
            [
                #"{"op":"verify","user":"\#(user(index))","code":"\#(code)"}"#,
                #"{"op":"limit","key":"page \#(index)","max":1000,"per":60}"#,
                #"{"op":"status","user":"\#(user(index))"}"#,
                #"{"op":"verify","user":"\#(user(index))","code":"\#(code)"}"#,
            ]
        }
        let replies = try client.ask(lines).map(\.brief)
        let expected = mine.flatMap { _ in ["ok", "ok", "ok", "replayed"] }
        for (line, (reply, expected)) in zip(lines, zip(replies, expected)) {
            #expect(reply == expected, "\(line)")
        }
    }

    /// Slow hashes beside the lane: each enrols, confirms and uses a backup code.
    private func liveWholeLives(_ client: LineConnection, _ prefix: String) throws {
        for number in 0..<3 {
            let user = "\(prefix) \(number)"
            let begun = try client.ask(#"{"op":"enroll","user":"\#(user)"}"#)
            let code = try code(of: try #require(begun.secret))
            let confirmed = try client.ask(
                #"{"op":"confirm","user":"\#(user)","code":"\#(code)"}"#)
            let backup = try #require(confirmed.backupCodes?.first)
            let line = #"{"op":"verify","user":"\#(user)","code":"\#(backup)"}"#
            #expect(try client.ask([line, line]).map(\.brief) == ["ok", "wrong_code"])
        }
    }

    /// What an admin can begin, all of it, while everybody asks.
    private func administer(_ admin: LineConnection, _ round: Int) throws {
        let copy = site.directory.path(of: "copy \(round)")
        let lines = [
            #"{"op":"stats"}"#, #"{"op":"health"}"#, #"{"op":"users","count":50}"#,
            #"{"op":"events","count":50}"#, #"{"op":"apps"}"#,
            #"{"op":"backup","path":"\#(copy)"}"#, #"{"op":"check"}"#,
        ]
        for line in lines {
            try admin.send(line)
            let reply = try #require(try admin.receive(Deadline(seconds: 60)))
            #expect(reply.hasPrefix(#"{"ok":true"#), "\(line): \(reply.prefix(200))")
        }
        // One change of keys at a time: a second one is refused while the first goes on.
        let change = try admin.ask(#"{"op":"rotate_key","key":"record"}"#, Deadline(seconds: 60))
        #expect(change.ok || change.brief == "busy", "\(change)")
        site.reload()
    }

    /// Reads what a watcher hears, until the watched events are as many as there must be.
    private func watch(_ watcher: LineConnection, _ wanted: Int) throws {
        var heard = 0
        while heard < wanted {
            let line = try #require(try watcher.receive(Deadline(seconds: 120)))
            if line.contains(#""op":"verify""#) { heard += 1 }
        }
    }

    @Test("meet over one store, and every answer is the right one")
    func everything() throws {
        let admin = try site.connectAsAdmin()
        let imports = (0..<Self.people).map {
            #"{"op":"import","user":"\#(user($0))","secret":"\#(Self.secret)"}"#
        }
        #expect(try admin.ask(imports).allSatisfy(\.ok))
        let watcher = try site.connectAsAdmin()
        #expect(try watcher.ask(#"{"op":"watch"}"#).ok)
        let wanted = Self.rounds * Self.people

        let crew = Crew()
        let watching = Crew()
        watching.begin { try watch(watcher, wanted) }
        for round in 0..<Self.rounds {
            site.passTime(seconds: 90)
            let code = try code()
            for number in 0..<Self.clients {
                crew.begin { try verifyAll(try site.connect(), number, code) }
            }
            crew.begin { try liveWholeLives(try site.connect(), "life \(round)") }
            crew.begin { try administer(try site.connectAsAdmin(), round) }
            try crew.join()
        }
        try watching.join()
        try site.finish()
    }
}
