// Two hosts and one store: what one accepts, counts or forgets holds for the other at once, however
// they race.

import Accounts
import Patience
import PostgresHarness
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("Two hosts", .waits)
struct TwoHostTests {
    /// Asks both at once, from so many threads each, and counts the answers.
    private func answers(
        _ hosts: TwoHosts, threads: Int,
        _ change: @escaping @Sendable (_ store: PostgresStore, _ thread: Int) -> Change
    ) -> [String: Int] {
        let counts = Guarded<[String: Int]>([:])
        let stores = [hosts.one, hosts.other]
        let lanes = stores.map { store in
            WriterLane(
                store: store, deliver: { $0.tell() },
                failed: { fault in Issue.record("\(fault)") })
        }
        onThreads(2 * threads) { thread in
            let host = thread % 2
            let submission = submission(change(stores[host], thread)) { answer in
                counts.change { $0[answer, default: 0] += 1 }
            }
            if !lanes[host].submit(submission, of: .house) {
                counts.change { $0["not taken", default: 0] += 1 }
            }
        }
        for lane in lanes { lane.stop() }
        return counts.current
    }

    private func submission(
        _ change: Change, _ body: @escaping @Sendable (String) -> Void
    ) -> Submission {
        switch change {
        case .account(let change):
            .account(change) { result in
                switch result {
                case .success(let result): body(result.brief)
                case .failure(let fault): body("\(fault)")
                }
            }
        case .limit(let change):
            .limit(change) { result in
                switch result {
                case .success(let result): body(ChangeResult.limit(result).brief)
                case .failure(let fault): body("\(fault)")
                }
            }
        case .event: preconditionFailure("a race asks about accounts and limits")
        }
    }

    @Test("give one yes for one code, whoever is asked")
    func oneCode() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        for round in 1...12 as ClosedRange<Int64> {
            let verify = ada.verify(at: Clock.after(30 * round))
            let counts = answers(hosts, threads: 20) { store, _ in verify.change(in: store) }
            #expect(counts == ["ok": 1, "replayed": 39], "round \(round)")
        }
        // Numbers are one sequence over both, and each has all events.
        for store in [hosts.one, hosts.other] {
            try #expect(store.figures().lastEvent == 2 + 12 * 40)
        }
        try #expect(hosts.other.allEvents().map(\.sequence) == Array(1...482))
        try hosts.end()
    }

    @Test("number events once for both, also more than one look finds")
    func numbers() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        // Each has a block of its own, and the two hosts take turns.
        for index in 0..<150 {
            let store = index % 3 == 0 ? hosts.one : hosts.other
            _ = try hosts.ask(store, ada.wrong(at: Clock.after(Int64(index))))
        }
        for store in [hosts.one, hosts.other] {
            let events = try store.allEvents()
            #expect(events.map(\.sequence) == Array(1...150))
            #expect(events.map(\.at) == (0..<150).map { Clock.after($0) })
            let look = try store.events(.after(0), atMost: 1000)
            #expect(look.events.count == 64 && look.end == 64)
        }
        try hosts.end()
    }

    @Test("tell of events that somebody has deleted, in a look either way")
    func deletedEvents() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        for second in 0..<5 as Range<Int64> {
            _ = try hosts.ask(hosts.one, ada.wrong(at: Clock.after(second)))
        }
        try #expect(hosts.one.allEvents().count == 5)
        func look(_ position: EventPosition) throws -> ([UInt64], unreadable: [UInt64]) {
            let slice = try hosts.other.events(position, atMost: 100)
            return (slice.events.map(\.sequence), slice.unreadable)
        }
        try #expect(look(.after(0)) == ([1, 2, 3, 4, 5], []))
        try hosts.direct.run("DELETE FROM block WHERE lane = 1 AND first IN (2, 5)")
        try #expect(look(.after(0)) == ([1, 3, 4], [2, 5]))
        try #expect(look(.after(2)) == ([3, 4], [5]))
        try #expect(look(.before(.max)) == ([4, 3, 1], [5, 2]))
        try #expect(look(.before(5)) == ([4, 3, 1], [2]))
        try hosts.direct.run("DELETE FROM block")
        try #expect(look(.after(0)) == ([], [1]))
        try #expect(look(.before(.max)) == ([], [1]))
        hosts.proxy.close()
        try Cluster.shared().drop(hosts.schema)
    }

    @Test("give one yes for one backup code, one enrolment and one new account")
    func once() throws {
        let hosts = try TwoHosts()
        let (ada, bob) = (try Person("ada"), try Person("bob"))
        try #expect(hosts.ask(hosts.one, ada.enroll()) == ["ok"])
        let confirm = ada.confirm()
        #expect(
            answers(hosts, threads: 10) { store, _ in confirm.change(in: store) }
                == ["ok": 1, "no_enrollment": 19])
        let backup = try ada.backup(3, at: Clock.after(30))
        #expect(
            answers(hosts, threads: 10) { store, _ in backup.change(in: store) }["ok"] == 1)
        // Both hosts find no row of the account.
        let bring = bob.bring(at: Clock.start)
        _ = answers(hosts, threads: 10) { store, _ in bring.change(in: store) }
        try #expect(hosts.one.figures().accounts == 2)
        try hosts.end()
    }

    @Test("compare no more guesses than the budget has")
    func guesses() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        let now = Clock.after(30)
        let counts = answers(hosts, threads: 30) { store, thread in
            ada.wrong(at: now, thread).change(in: store)
        }
        let budget = Int(Policy.freeFailures)
        #expect(counts == ["wrong_code": budget, "throttled": 60 - budget])
        try #expect(hosts.ask(hosts.other, ada.verify(at: now)) == ["throttled"])
        try hosts.end()
    }

    @Test("keep a limit exact, and an app within its accounts")
    func bounds() throws {
        let hosts = try TwoHosts()
        let key = try limitKey("login")
        let limits = answers(hosts, threads: 40) { store, _ in key.change(max: 30, in: store) }
        #expect(limits == ["ok": 30, "throttled": 50])
        let people = try (0..<60).map { try Person("user \($0)") }
        let accounts = answers(hosts, threads: 30) { store, thread in
            people[thread].bring(at: Clock.start).among(25).change(in: store)
        }
        #expect(accounts == ["ok": 25, "too_many_accounts": 35])
        try #expect(hosts.other.figures().accounts == 25)
        try hosts.end()
    }

    @Test("see at once what the other has done")
    func seen() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        let now = Clock.after(30)
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        try #expect(hosts.ask(hosts.other, ada.verify(at: now)) == ["ok"])
        try #expect(hosts.ask(hosts.one, ada.verify(at: now)) == ["replayed"])
        try #expect(hosts.ask(hosts.one, ada.reset(at: now)) == ["ok"])
        try #expect(hosts.ask(hosts.other, ada.verify(at: Clock.after(60))) == ["not_enrolled"])
        try hosts.end()
    }

    @Test("decide on the factor that came with the guard they waited for")
    func factorWithItsGuard() throws {
        let hosts = try TwoHosts()
        let old = try Person("ada")
        let new = Person(of: old.name, with: try Person("another").secret)
        try #expect(hosts.ask(hosts.one, old.bring(at: Clock.start)) == ["ok"])
        try hosts.direct.run("CREATE TABLE old_guard AS SELECT * FROM guard")
        try hosts.direct.run("CREATE TABLE old_factor AS SELECT * FROM factor")
        try #expect(
            hosts.ask(hosts.one, new.bring(at: Clock.start, replaces: true)) == ["ok"])
        try hosts.direct.run("CREATE TABLE new_guard AS SELECT * FROM guard")
        try hosts.direct.run("CREATE TABLE new_factor AS SELECT * FROM factor")
        try hosts.direct.run("UPDATE guard g SET sealed = o.sealed FROM old_guard o")
        try hosts.direct.run("UPDATE factor f SET sealed = o.sealed FROM old_factor o")

        // Somebody brings the new factor, and has not committed yet, while the old phone's code
        // comes.
        try hosts.direct.run("BEGIN")
        try hosts.direct.run("UPDATE guard g SET sealed = n.sealed FROM new_guard n")
        try hosts.direct.run("UPDATE factor f SET sealed = n.sealed FROM new_factor n")
        let answers = try whileLocked(hosts, [old.verify(at: Clock.after(30))]) {}
        #expect(answers == ["wrong_code"])
        try hosts.end()
    }

    @Test("decide on an account that was made while they waited for another one's lock")
    func madeMeanwhile() throws {
        let hosts = try TwoHosts()
        let (ada, bob) = (try Person("ada"), try Person("bob"))
        try #expect(hosts.ask(hosts.one, ada.bring(at: Clock.start)) == ["ok"])
        try hosts.direct.run("BEGIN")
        try hosts.direct.run("SELECT 1 FROM guard FOR UPDATE")
        // Its guard was looked for before it was there, and its factor will be after.
        let answers = try whileLocked(hosts, [ada.status(), bob.verify(at: Clock.after(30))]) {
            try #expect(hosts.ask(hosts.other, bob.bring(at: Clock.start)) == ["ok"])
        }
        #expect(answers == ["ok", "ok"])
        try hosts.end()
    }

    /// Asks the first host, which has to wait for a transaction that has begun beside it, and
    /// commits that behind `body`.
    private func whileLocked(
        _ hosts: TwoHosts, _ requests: [Request], _ body: () throws -> Void
    ) throws -> [String]? {
        let holder = try hosts.count("SELECT pg_backend_pid()::bigint")
        let answer = Guarded<[String]?>(nil)
        let one = hosts.one
        let thread = JoinableThread(named: "host") {
            let result = Result {
                try one.apply(requests.map { $0.change(in: one) }).map(\.brief)
            }
            answer.change { $0 = (try? result.get()) ?? ["\(result)"] }  // Compared by the test.
        }
        let beside = try Connection.ofTests()
        try eventually("the request waits for the lock") {
            try beside.run(
                "SELECT count(*) FROM pg_stat_activity "
                    + "WHERE \(holder) = ANY (pg_blocking_pids(pid))"
            ).int64(0, 0) > 0
        }
        try body()
        try hosts.direct.run("COMMIT")
        thread.join()
        return answer.current
    }
}
