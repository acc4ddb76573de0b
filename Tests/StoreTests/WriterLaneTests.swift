// The lane's promises: one batch from all that waits, results after they were kept and in order, a
// bounded queue, faults for a whole batch, and an end that leaves nobody without an answer.

import Glibc
import Store
import StoreHarness
import Testing

@testable import Accounts

@Suite("The writer lane")
struct WriterLaneTests {
    /// A fault, and how many batches had been delivered when the lane told of it.
    struct Failure: Equatable {
        let fault: StoreFault
        let deliveries: Int
    }

    /// A lane on a gated store, with what it delivered, each batch as a list of labels.
    struct Bench {
        let store: GatedStore
        let lane: WriterLane
        let delivered = Guarded<[[String]]>([])
        let failed = Guarded<[Failure]>([])
        private let answers = Guarded<[String]>([])

        init(isOpen: Bool) {
            store = GatedStore(isOpen: isOpen)
            lane = WriterLane(
                store: store,
                deliver: { [delivered, answers] decided in
                    decided.tell()
                    let labels = answers.change { labels in
                        defer { labels = [] }
                        return labels
                    }
                    delivered.change { $0.append(labels) }
                },
                failed: { [failed, delivered] fault in
                    let count = delivered.current.count
                    failed.change { $0.append(Failure(fault: fault, deliveries: count)) }
                })
        }

        func submit(_ label: String, of party: Party = .house) throws -> Bool {
            let person = try Person(label)
            let request = person.request("status", Naming(), at: Clock.start)
            return lane.submit(
                .account(request.accountChange(in: store)) { [answers] result in
                    answers.change { $0.append(Self.text(label, result)) }
                }, of: party)
        }

        private static func text(
            _ label: String, _ result: Result<AccountResult, StoreFault>
        ) -> String {
            switch result {
            case .success(.decided(.refused(let refusal), _)):
                // The answer is about the account that was asked about.
                return refusal.detail == label ? label : "another's"
            case .success(.decided): return "\(label): decided otherwise"
            case .success(.unreadable), .success(.unreadableSource):
                return "\(label): unreadable"
            case .failure(let fault): return "\(label): \(fault)"
            }
        }
    }

    /// Answers with the user's name, and changes nothing.
    struct Naming: Operation {
        func decide(
            _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
        ) -> Outcome {
            let refusal = Refusal(.busy, detail: account.name.user)
            return Outcome(account, .refused(refusal), isEvent: false)
        }
    }

    private func labels(_ range: Range<Int>) -> [String] { range.map { "user \($0)" } }

    @Test("takes all that waits as one batch, in order")
    func oneBatch() throws {
        let bench = Bench(isOpen: false)
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        for label in labels(1..<200) { try #expect(bench.submit(label)) }
        // Nothing is said before it is kept.
        #expect(bench.delivered.current == [])
        bench.store.letPass()
        bench.store.waitUntilEntered(2)
        #expect(bench.delivered.wait { !$0.isEmpty } == [["user 0"]])
        #expect(bench.store.state.current.batches.map(\.count) == [1, 199])
        bench.store.letPass()
        #expect(bench.delivered.wait { $0.count == 2 }.last == labels(1..<200))
        bench.lane.stop()
    }

    @Test("takes no more than a batch may hold")
    func batchMax() throws {
        let bench = Bench(isOpen: false)
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        let waiting = 2 * WriterLane.batchMax + 1
        for label in labels(1..<(waiting + 1)) { try #expect(bench.submit(label)) }
        bench.store.open()
        bench.lane.stop()
        let sizes = [1, WriterLane.batchMax, WriterLane.batchMax, 1]
        #expect(bench.store.state.current.batches.map(\.count) == sizes)
        #expect(bench.delivered.current.map(\.count) == sizes)
        #expect(bench.delivered.current.flatMap { $0 } == labels(0..<(waiting + 1)))
    }

    @Test("takes fewer while several parties are served, so that none waits long for another's")
    func sharedBatchMax() throws {
        let bench = Bench(isOpen: false)
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        for label in labels(1..<100) { try #expect(bench.submit(label)) }
        try #expect(bench.submit("user 100", of: .apps([])))
        bench.store.open()
        bench.lane.stop()
        #expect(bench.store.state.current.batches.map(\.count) == [1, 64, 36])
    }

    @Test("refuses a change when too many wait, and takes one again when there is room")
    func waitingMax() throws {
        let bench = Bench(isOpen: false)
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        let change = try Person("waiting").status().accountChange(in: bench.store)
        let answered = Guarded(0)
        for _ in 0..<WriterLane.waitingMax {
            let one = Submission.account(change) { _ in answered.change { $0 += 1 } }
            guard bench.lane.submit(one) else {
                Issue.record("refused with room left")
                break
            }
        }
        try #expect(!bench.submit("one too many"))
        try #expect(!bench.submit("one too many"))
        bench.store.letPass()
        // The next batch was taken out of the queue.
        bench.store.waitUntilEntered(2)
        try #expect(bench.submit("fits again"))
        bench.store.open()
        bench.lane.stop()
        #expect(answered.current == WriterLane.waitingMax)
        #expect(bench.delivered.current.last == ["fits again"])
    }

    @Test("decides what waits before it stops, and takes nothing afterwards")
    func stopDrains() throws {
        let bench = Bench(isOpen: false)
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        for label in labels(1..<10) { try #expect(bench.submit(label)) }
        let stopped = Guarded(false)
        let thread = makeThread { [lane = bench.lane] in
            lane.stop()
            stopped.change { $0 = true }
        }
        // Refused from some moment on, though the lane is still at work.
        var taken = 0
        while try bench.submit("late") { taken += 1 }
        #expect(!stopped.current)
        bench.store.open()
        pthread_join(thread, nil)
        #expect(stopped.current)
        let late = Array(repeating: "late", count: taken)
        #expect(bench.delivered.current.flatMap { $0 } == labels(0..<10) + late)
        try #expect(!bench.submit("too late"))
        #expect(bench.delivered.current.flatMap { $0 }.count == 10 + taken)
    }

    @Test("stops when it had nothing to do")
    func stopIdle() throws {
        let bench = Bench(isOpen: true)
        bench.lane.stop()
        try #expect(!bench.submit("late"))
        #expect(bench.store.state.current.entered == 0)
    }

    @Test("gives a whole batch the fault, and goes on after a full store")
    func fullFault() throws {
        let bench = Bench(isOpen: false)
        let full = StoreFault.full("no room")
        bench.store.fail([nil, full, nil])
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        for label in labels(1..<4) { try #expect(bench.submit(label)) }
        bench.store.letPass()
        bench.store.waitUntilEntered(2)
        for label in labels(4..<6) { try #expect(bench.submit(label)) }
        bench.store.open()
        bench.lane.stop()
        #expect(
            bench.delivered.current == [
                ["user 0"], labels(1..<4).map { "\($0): \(full)" }, labels(4..<6),
            ])
        #expect(bench.failed.current == [Failure(fault: full, deliveries: 2)])
    }

    @Test("says that the store is broken, after it gave the results")
    func brokenFault() throws {
        let bench = Bench(isOpen: false)
        let fault = StoreFault.broken("input/output error")
        bench.store.fail([fault])
        try #expect(bench.submit("user 0"))
        bench.store.open()
        #expect(bench.failed.wait { !$0.isEmpty } == [Failure(fault: fault, deliveries: 1)])
        #expect(bench.delivered.current == [["user 0: \(fault)"]])
        bench.lane.stop()
    }

    @Test("answers a ping after what waited before it")
    func ping() throws {
        let bench = Bench(isOpen: false)
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        try #expect(bench.submit("user 1"))
        let seen = Guarded<[Int]>([])
        let ping: @Sendable () -> Void = { [delivered = bench.delivered] in
            let count = delivered.current.count
            seen.change { $0.append(count) }
        }
        #expect(bench.lane.ping(ping))
        try #expect(bench.submit("user 2"))
        // A lane that is stuck in its store is not alive.
        #expect(seen.current == [])
        bench.store.open()
        #expect(seen.wait { !$0.isEmpty } == [2])
        #expect(bench.lane.ping(ping))
        #expect(seen.wait { $0.count == 2 } == [2, 2])
        bench.lane.stop()
        #expect(!bench.lane.ping(ping))
        // A ping alone is no batch.
        #expect(bench.store.state.current.batches.map(\.count) == [1, 2])
    }

    @Test("does what is due for the store, though nobody asks, after what waits")
    func due() throws {
        let bench = Bench(isOpen: false)
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        bench.store.due.current?()
        try #expect(bench.submit("user 1"))
        bench.store.open()
        bench.store.waitUntilEntered(3)
        #expect(bench.store.state.current.batches.map(\.count) == [1, 1, 0])
        // And from its sleep.
        bench.store.due.current?()
        bench.store.waitUntilEntered(4)
        bench.lane.stop()
        #expect(bench.store.state.current.batches.map(\.count) == [1, 1, 0, 0])
        #expect(bench.delivered.current == [["user 0"], ["user 1"]])
    }

    @Test("tries nothing after what was due has broken the store")
    func dueBroke() throws {
        let bench = Bench(isOpen: true)
        let fault = StoreFault.broken("input/output error")
        bench.store.fail([fault])
        bench.store.due.current?()
        #expect(bench.failed.wait { !$0.isEmpty } == [Failure(fault: fault, deliveries: 0)])
        bench.lane.stop()
        try #expect(!bench.submit("late"))
        #expect(bench.store.state.current.entered == 1)
    }

    @Test("tries nothing on top of a broken store")
    func nothingAfterBroken() throws {
        let bench = Bench(isOpen: false)
        let fault = StoreFault.broken("input/output error")
        bench.store.fail([fault])
        try #expect(bench.submit("user 0"))
        bench.store.waitUntilEntered(1)
        for label in labels(1..<4) { try #expect(bench.submit(label)) }
        bench.store.open()
        bench.failed.wait { !$0.isEmpty }
        bench.lane.stop()
        // Everyone is answered, and nobody with a yes.
        #expect(bench.delivered.current.flatMap { $0 }.count == 4)
        #expect(bench.store.state.current.entered == 1)
        #expect(bench.delivered.current.last == labels(1..<4).map { "\($0): \(fault)" })
    }
}
