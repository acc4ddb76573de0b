// What has to hold for a state that a crash left: everything answered is there, a batch is there
// whole or not at all, the check is clean, and the store goes on. The same workload on MemoryStore
// says what is right.

import Accounts
import LMDBStore
import Store
import StoreWorkload

import class StoreHarness.MemoryStore

struct CrashVerdict {
    private let workload: Workload
    private let batches: Int
    /// Old events may be gone, if not all.
    private let mayTrim: Bool
    /// Batches that may have been under way together.
    private let ahead: Int
    /// After each number of batches.
    private let accounts: [[Account?]]
    private let events: [Int]

    init(_ workload: Workload, batches: Int, mayTrim: Bool = false, ahead: Int = 1) throws {
        (self.workload, self.batches, self.mayTrim) = (workload, batches, mayTrim)
        self.ahead = ahead
        let memory = MemoryStore()
        var accounts: [[Account?]] = []
        var events: [Int] = []
        for number in 0...(batches + Self.batchesMore) {
            accounts.append(try workload.accounts(number, in: memory))
            events.append(try memory.check().events)
            _ = try memory.apply(workload.batch(number, in: memory))
        }
        (self.accounts, self.events) = (accounts, events)
    }

    /// How many further batches show that the store goes on: enough for a lap to turn.
    private static let batchesMore = 6

    /// What is wrong with the state that was left after a driver had said `word`; nil when nothing
    /// is.
    func fault(of state: String, after word: DriverWord) -> String? {
        do {
            try prove(state, word)
            return nil
        } catch let wrong as Wrong {
            return wrong.text
        } catch let refusal as OpeningRefusal {
            // The store was being made, and nobody has heard of it.
            return word.kept == nil ? nil : "it does not open: \(refusal)"
        } catch {
            return "\(error)"
        }
    }

    private struct Wrong: Error { let text: String }

    private func prove(_ state: String, _ word: DriverWord) throws {
        let reader = try LMDBStoreReader(path: state, ring: Workload.ring)
        let report: CheckReport
        do {
            report = try reader.check()
            reader.close()
        } catch {
            reader.close()
            throw error
        }
        // A kill in the midst of a write leaves that, and the start below must find nothing amiss.
        guard report.problems.allSatisfy({ $0.contains("cut short by a crash") }) else {
            throw Wrong(text: "check: \(report.problems)")
        }

        var store = try Workload.open(state)
        let limit = batches + Self.batchesMore
        let kept = try Workload.kept(in: store, atMost: limit)
        let said = word.kept ?? 0
        guard (said...(said + ahead)).contains(kept) else {
            store.close()
            throw Wrong(text: "\(said) batches were answered, and \(kept) are there")
        }
        try prove(store, kept)
        // Onwards, over the next turns of the log, and once more from what that left.
        let end = min(kept + Self.batchesMore, limit)
        for number in kept..<end { _ = try store.apply(workload.batch(number, in: store)) }
        try prove(store, end)
        if let left = store.close() { throw Wrong(text: "it closes with \(left)") }
        store = try Workload.open(state)
        try prove(store, end)
        store.close()
    }

    /// But for what a broken frame of the log made the store forget, and when that was: the
    /// workload's clock goes on by two steps with each batch, so that no code of a further one is
    /// concerned.
    private func accounts(_ count: Int, in store: LMDBStore) throws -> [Account?] {
        try workload.accounts(count, in: store).map { account in
            guard var account else { return nil }
            account.usedBefore = .never
            account.factor = account.factor.map(Self.madeWhenever)
            account.others = account.others.map(Self.madeWhenever)
            account.pending = account.pending.map {
                Pending(
                    secret: $0.secret, parameters: $0.parameters, expiresAt: $0.expiresAt,
                    rescueConfirmations: $0.rescueConfirmations, adds: $0.adds, name: $0.name)
            }
            return account
        }
    }

    private static func madeWhenever(_ factor: Factor) -> Factor {
        Factor(
            secret: factor.secret, parameters: factor.parameters, enrolledAt: factor.enrolledAt,
            id: factor.id, name: factor.name)
    }

    private func prove(_ store: LMDBStore, _ count: Int) throws {
        let problem: String?
        let report = try store.check()
        if report.problems != [] {
            problem = "\(report.problems)"
        } else if mayTrim ? report.events > events[count] : report.events != events[count] {
            problem = "\(report.events) events, not \(events[count])"
        } else if try accounts(count, in: store) != accounts[count] {
            problem = "accounts differ"
        } else {
            problem = nil
        }
        if let problem {
            store.close()
            throw Wrong(text: "after \(count) batches: \(problem)")
        }
    }
}
