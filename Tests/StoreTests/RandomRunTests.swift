// The same random life on each engine comes to the same answers, accounts and events. MemoryStore
// is simple enough to be read, so it is the reference.

import Accounts
import Foundation
import Store
import StoreHarness
import Testing

@Suite("The engines")
struct RandomRunTests {
    @Test(
        "come to the same, whatever is asked", arguments: [Engine.lmdb, .postgres],
        RandomRequests.seeds)
    func agree(_ engine: Engine, _ seed: UInt64) throws {
        print("random requests, seed \(seed)")
        let (memory, subject) = (try Subject(.memory), try Subject(engine))
        var requests = try RandomRequests(seed: seed)
        // Of each person's authenticators.
        let unused = [Instant](repeating: .distantPast, count: 3)
        var used = [[Instant]](repeating: unused, count: requests.people.count)
        var answers: [String: Int] = [:]
        for number in 0..<300 {
            let batch = try requests.batch()
            let expected = try memory.results(batch.map(\.request))
            let results = try subject.results(batch.map(\.request))
            try #require(results.map(\.text) == expected.map(\.text), "batch \(number)")
            for (drawn, result) in zip(batch, results) {
                answers["\(drawn.request.op) \(result.brief)", default: 0] += 1
                guard result.brief == "ok", let began = drawn.stepBegan else { continue }
                // No step twice, and none after a newer one, whatever happened between. With a new
                // secret the count begins again: here, for once, all secrets of a person are few.
                let isFirst = drawn.request.op == "confirm"
                let last = used[drawn.person][drawn.authenticator]
                try #require(isFirst || began > last, "batch \(number), \(drawn.request.op)")
                used[drawn.person][drawn.authenticator] = began
            }
            if number % 60 == 59 {
                try subject.reopen()
                for person in requests.people {
                    try #expect(subject.account(person) == memory.account(person))
                }
                try #expect(subject.store.check() == memory.store.check())
                try #expect(subject.counts() == memory.counts())
                if engine == .lmdb { try #expect(subject.engineStore.counting == nil) }
            }
        }
        try #expect(subject.events() == memory.events())
        try subject.expectSound()
        try subject.end()
        expectVaried(answers)
    }

    /// A run that was refused everything would have shown nothing.
    private func expectVaried(_ answers: [String: Int]) {
        let kinds = [
            "verify ok", "verify replayed", "verify wrong_code", "verify throttled",
            "verify not_enrolled", "confirm ok", "confirm needs", "enroll ok", "disable ok",
            "backup_codes ok", "import ok", "reset ok", "trusted ok", "trusted not_trusted",
            "forget ok", "forget not_trusted", "remove ok", "remove no_authenticator",
            "remove last_authenticator",
        ]
        for kind in kinds { #expect(answers[kind, default: 0] > 0, "never: \(kind)") }
    }
}

extension ChangeResult {
    /// All there is to an answer; the accounts are compared elsewhere.
    fileprivate var text: String {
        switch self {
        case .account(.decided(let answer, let alert)):
            return "\(answer) \(alert?.rawValue ?? "")"
        case .account(.unreadable(let fault)), .account(.unreadableSource(let fault)):
            return "unreadable: \(fault)"
        case .limit(let result): return "\(result)"
        case .event: return "kept"
        }
    }
}
