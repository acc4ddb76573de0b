// The host's clock was set: who is told, and what is left alone until it is trusted again.

import Accounts
import InlineWork
import Server
import Store
import Testing
import Wire

import class StoreHarness.MemoryStore

@Suite("A clock that jumps")
struct ClockJumpTests {
    private static let start = Instant(seconds: 1_767_225_600)
    private static let years = Duration.days(3 * 365)
    private let clock = Mutexed(Self.start)
    private let notices = Mutexed<[AdminNotice]>([])
    private let warnings = Mutexed<[String]>([])
    private let store = MemoryStore(at: Self.start)
    private let dispatcher: Dispatcher

    init() throws {
        let configuration = LiveConfiguration(
            try TestServer.configuration("[app.default]\naccounts_max = 1"))
        let direct = InlineWork(store: store)
        dispatcher = Dispatcher(
            version: "test", store: store, configuration: configuration, queue: direct,
            slowWork: direct, clock: { [clock] in clock.value },
            warn: { [warnings] in warnings.add($0) }, note: { [notices] in notices.add($0) },
            hostClock: { .synchronized })
    }

    private func look(_ uptime: Int64, _ now: Instant) {
        clock.set(now)
        dispatcher.observeClock(uptime: .seconds(uptime))
    }

    private func ask(_ line: String, as caller: Caller = .app(.standard)) throws -> String {
        let answers = Mutexed<[String]>([])
        let request = try Array(line.utf8).withUnsafeBytes { try Request.parse($0, from: caller) }
        dispatcher.dispatch(request, from: caller, Peer(uid: 7, pid: 8)) { reply in
            answers.add(String(decoding: reply.line(id: nil), as: UTF8.self))
        }
        return try #require(answers.value.first)
    }

    @Test("is an event with an alert, a line in the journal, and a reason in health")
    func told() throws {
        look(0, Self.start)
        look(30, Self.start + .seconds(31))
        #expect(try store.events().isEmpty && notices.value.isEmpty)
        #expect(try ask(#"{"op":"health"}"#, as: .admin).contains(#""reasons":[]"#))
        look(60, Self.start + Self.years + .seconds(60))
        let event = try #require(try store.events().last)
        #expect(event.label.op == "health" && event.result == "ok" && event.user == "")
        #expect(event.alert == .clockJumped && event.label.reason == "by 94607999 s")
        #expect(notices.value.map(\.alert) == [.clockJumped])
        #expect(warnings.value == ["the clock has jumped by 94607999 s"])
        #expect(try ask(#"{"op":"health"}"#, as: .admin).contains(#""clock_jumped""#))
        look(90, Self.start + .seconds(90))
        #expect(try ask(#"{"op":"health"}"#, as: .admin).contains(#""reasons":[]"#))
        #expect(try store.events().last?.label.reason == "by -94608000 s")
        look(120, Self.start + .seconds(120))
        #expect(try store.events().count == 2)
    }

    @Test("takes no enrolment that has time left, though somebody is refused")
    func sweep() throws {
        look(0, Self.start)
        #expect(try ask(#"{"op":"enroll","user":"ada"}"#).contains(#""ok":true"#))
        look(30, Self.start + Self.years)
        let enroll = #"{"op":"enroll","user":"bob"}"#
        #expect(try ask(enroll).contains("too_many_accounts"))
        #expect(try store.figures().accounts == 1)
        look(60, Self.start + .seconds(60))
        #expect(try ask(#"{"op":"status","user":"ada"}"#).contains(#""pending":true"#))
        // And by a clock that is right, it is over in its time.
        look(660, Self.start + .seconds(660))
        #expect(try ask(enroll).contains("too_many_accounts"))
        #expect(try store.figures().accounts == 0)
    }
}
