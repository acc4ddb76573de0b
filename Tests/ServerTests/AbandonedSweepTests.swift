// An app that is full of enrolments nobody confirmed, and of users that wrong codes were sent for:
// who comes next makes room, and no wrong code is forgotten that still counts. Over the reference
// engine, one step after the other.

import Accounts
import Foundation
import InlineWork
import Server
import Store
import Testing
import Wire

import class StoreHarness.MemoryStore

@Suite("Enrolments that were given up")
struct AbandonedSweepTests {
    private static let start = Instant(seconds: 1_767_225_600)
    private let store = MemoryStore()
    private let clock = Mutexed(Self.start)
    private let dispatcher: Dispatcher

    init() throws {
        let configuration = LiveConfiguration(
            try TestServer.configuration("[app.default]\naccounts_max = 50"))
        let (direct, clock) = (InlineWork(store: store), clock)
        dispatcher = Dispatcher(
            version: "test", store: store, configuration: configuration, queue: direct,
            slowWork: direct, clock: { clock.value }, warn: { Issue.record("\($0)") })
    }

    private func ask(_ line: String, as caller: Caller = .app(.standard)) throws -> String {
        let answers = Mutexed<[String]>([])
        let request = try Array(line.utf8).withUnsafeBytes { try Request.parse($0, from: caller) }
        dispatcher.dispatch(request, from: caller, Peer(uid: 7, pid: 8)) { reply in
            answers.add(String(decoding: reply.line(id: nil), as: UTF8.self))
        }
        return String(try #require(answers.value.first).dropLast())
    }

    /// `ok`, or the name of the refusal.
    private func enroll(_ user: String) throws -> String {
        brief(try ask(#"{"op":"enroll","user":"\#(user)"}"#))
    }

    private func fill(_ count: Int, from first: Int = 0) throws {
        for number in first..<(first + count) { #expect(try enroll("user \(number)") == "ok") }
    }

    private func accounts() throws -> Int {
        #expect(try store.check().problems == [])
        return try store.figures().accounts
    }

    @Test("of another app stay, which would hear of this one otherwise")
    func otherApp() throws {
        let other = Caller.app(try #require(AppName("other")))
        #expect(brief(try ask(#"{"op":"enroll","user":"ada"}"#, as: other)) == "ok")
        try fill(50)
        clock.set(Self.start + .seconds(660))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 1)
        let late = try ask(#"{"op":"confirm","user":"ada","code":"123456"}"#, as: other)
        #expect(brief(late) == "enrollment_expired")
    }

    @Test("make room once they are over, for whoever comes after the one that was refused")
    func room() throws {
        try fill(50)
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 50)
        clock.set(Self.start + .seconds(599))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 50)
        clock.set(Self.start + .seconds(660))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 0)
        #expect(try enroll("one more") == "ok")
        #expect(try accounts() == 1)
    }

    @Test("are looked for once a minute at most, and stay while the clock is not trusted")
    func rest() throws {
        try fill(50)
        clock.set(Self.start + .seconds(590))
        #expect(try enroll("one more") == "too_many_accounts")
        clock.set(Self.start + .seconds(649))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 50)
        clock.set(Self.start + .seconds(650))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 0)
        try fill(50, from: 100)
        clock.set(Self.start - .days(3))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 50, "by such a clock nobody's time is over")
    }

    @Test("take nobody along who has a factor, nor one that is not over")
    func others() throws {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        for number in 0..<20 {
            let line = #"{"op":"import","user":"owner \#(number)","secret":"\#(secret)"}"#
            #expect(try ask(line, as: .admin) == #"{"ok":true}"#)
        }
        try fill(20)
        clock.set(Self.start + .seconds(300))
        try fill(10, from: 20)
        clock.set(Self.start + .seconds(600))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 30)
        let status = try ask(#"{"op":"status","user":"owner 19"}"#)
        #expect(status.contains(#""enrolled":true"#))
        #expect(try ask(#"{"op":"status","user":"user 29"}"#).contains(#""pending":true"#))
    }

    @Test("leave what wrong codes have cost, and its place, as long as it counts")
    func throttle() throws {
        try fill(50)
        let confirm = #"{"op":"confirm","user":"user 7","code":"000000"}"#
        let wrong = try (0..<5).map { _ in try ask(confirm) }
        #expect(wrong.last == #"{"ok":false,"error":"wrong_code","retry_after":30}"#)
        for _ in 0..<8 {
            clock.set(clock.value + .seconds(70))
            _ = try ask(confirm)
        }
        clock.set(Self.start + .seconds(600))
        let waiting = try ask(#"{"op":"status","user":"user 7"}"#)
        #expect(waiting.contains("retry_after"))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 1)
        #expect(try ask(#"{"op":"status","user":"user 7"}"#) == waiting)
        #expect(try enroll("user 7") == "ok")
        #expect(try ask(confirm).contains("throttled"))
    }

    @Test("and users that were made up count as long as their wrong codes do")
    func madeUp() throws {
        for number in 0..<50 {
            let user = "made up \(number)"
            #expect(try enroll(user) == "ok")
            #expect(brief(try confirmWrong(user)) == "wrong_code")
            #expect(brief(try ask(#"{"op":"cancel","user":"\#(user)"}"#)) == "ok")
        }
        #expect(try accounts() == 50)
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 50)
        // Nobody lists them, and whoever is one of them may enrol.
        let users = try ask(#"{"op":"users"}"#, as: .admin)
        #expect(users == #"{"ok":true,"users":[]}"#)
        #expect(try enroll("made up 7") == "ok")
        clock.set(Self.start + .seconds(25_919))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 50)
        clock.set(Self.start + .seconds(26_519))
        #expect(try enroll("one more") == "too_many_accounts")
        #expect(try accounts() == 0)
        #expect(try store.check().accounts == 0, "not even a guard is left")
        #expect(try enroll("one more") == "ok")
    }

    private func confirmWrong(_ user: String) throws -> String {
        try ask(#"{"op":"confirm","user":"\#(user)","code":"000000"}"#)
    }
}
