// Many threads at one account through the lane: a code is accepted exactly once, and guesses beyond
// the budget are not compared. These are the races that other second factors lost.

import Accounts
import LMDBStore
import Store
import StoreHarness
import Testing

@Suite("Many at once")
struct ContentionTests {
    /// Submits `each` requests from each of `threads` threads, and counts the answers.
    private func answers(
        _ store: any AccountStore, threads: Int, each: Int,
        _ request: @escaping @Sendable (_ thread: Int, _ index: Int) -> Request
    ) -> [String: Int] {
        let counts = Guarded<[String: Int]>([:])
        let lane = WriterLane(
            store: store,
            deliver: { $0.tell() },
            failed: { fault in Issue.record("\(fault)") })
        onThreads(threads) { thread in
            for index in 0..<each {
                let change = request(thread, index).accountChange(in: store)
                let isTaken = lane.submit(
                    .account(change) { result in
                        let answer: String
                        switch result {
                        case .success(let result): answer = result.brief
                        case .failure(let fault): answer = "\(fault)"
                        }
                        counts.change { $0[answer, default: 0] += 1 }
                    })
                if !isTaken { counts.change { $0["not taken", default: 0] += 1 } }
            }
        }
        lane.stop()
        return counts.current
    }

    @Test("get one yes for one code", arguments: Engine.allCases)
    func oneCode(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.confirm())
            let verify = ada.verify(at: Clock.after(30))
            let counts = answers(subject.store, threads: 200, each: 1) { _, _ in verify }
            #expect(counts == ["ok": 1, "replayed": 199])
            try #expect(subject.store.check().events == 202)
        }
    }

    @Test("get one yes for one enrolment", arguments: Engine.allCases)
    func oneConfirmation(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try subject.ask(ada.enroll())
            let confirm = ada.confirm()
            let counts = answers(subject.store, threads: 30, each: 1) { _, _ in confirm }
            #expect(counts == ["ok": 1, "no_enrollment": 29])
            try #expect(subject.account(ada).backupCodesLeft == Policy.backupCodes)
        }
    }

    @Test("get one yes for one backup code", arguments: Engine.allCases)
    func oneBackupCode(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.confirm())
            let verify = try ada.backup(3, at: Clock.after(30))
            let counts = answers(subject.store, threads: 30, each: 1) { _, _ in verify }
            let wrong = Int(Policy.freeFailures)
            #expect(counts == ["ok": 1, "wrong_code": wrong, "throttled": 29 - wrong])
            try #expect(subject.account(ada).backupCodesLeft == Policy.backupCodes - 1)
        }
    }

    @Test("get no more guesses than the budget has", arguments: Engine.allCases)
    func guesses(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.confirm())
            let now = Clock.after(30)
            let counts = answers(subject.store, threads: 50, each: 10) { thread, index in
                ada.wrong(at: now, 10 * thread + index)
            }
            let budget = Int(Policy.freeFailures)
            #expect(counts == ["wrong_code": budget, "throttled": 500 - budget])
            // The right one comes too late, and the count is on the disk.
            try subject.reopen()
            try #expect(subject.ask(ada.verify(at: now)) == ["throttled"])
            try #expect(subject.account(ada).guard.totp.consecutiveFailures == Policy.freeFailures)
        }
    }

    @Test("get an answer each, when each has an account", arguments: Engine.allCases)
    func manyAccounts(_ engine: Engine) throws {
        let people = try (0..<40).map { try Person("user \($0)") }
        try engine.run { subject in
            try subject.ask(people.flatMap { [$0.enroll(), $0.confirm()] })
            let counts = answers(subject.store, threads: 16, each: 40) { thread, index in
                // Every account is asked by every thread, for the same new step.
                people[(thread + index) % 40].verify(at: Clock.after(30))
            }
            #expect(counts == ["ok": 40, "replayed": 600])
            let report = try subject.store.check()
            #expect(report.accounts == 40)
            #expect(report.events == 80 + 640)
        }
    }
}
