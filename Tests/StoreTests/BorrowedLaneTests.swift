// Another thread borrows the lane's place while the lane sleeps. One thread at a time is in the
// store, and whoever comes meanwhile is decided afterwards.

import Glibc
import Store
import StoreHarness
import Testing

@testable import Accounts

@Suite("A borrowed lane")
struct BorrowedLaneTests {
    private let store = GatedStore(isOpen: true)
    private let delivered = Guarded(0)
    private let failed = Guarded<[StoreFault]>([])
    private let lane: WriterLane

    init() {
        lane = WriterLane(
            store: store,
            deliver: { [delivered] decided in delivered.change { $0 += decided.count } },
            failed: { [failed] fault in failed.change { $0.append(fault) } })
    }

    private static func changes(
        _ count: Int, _ store: any AccountStore
    ) throws -> WriterLane.Turns {
        var changes = WriterLane.Turns()
        for number in 0..<count {
            let change = try Person("user \(number)").enroll().accountChange(in: store)
            changes.append(.account(change) { _ in })
        }
        return changes
    }

    /// Asks until the lane sleeps.
    private static func decide(
        _ changes: inout WriterLane.Turns, _ lane: WriterLane
    ) -> WriterLane.Decided {
        while true {
            if let decided = lane.decideHere(&changes).decided { return decided }
            sched_yield()
        }
    }

    /// Has a thread decide one change in the lane's place. Returns once it is in the store.
    private func borrow() -> pthread_t {
        let (store, lane) = (store, lane)
        let borrower = makeThread {
            do {
                var changes = try Self.changes(1, store)
                _ = Self.decide(&changes, lane)
            } catch {
                Issue.record(error)
            }
        }
        store.waitUntilEntered(1)
        return borrower
    }

    @Test("decides on the thread that asks, and delivers nothing elsewhere")
    func decides() throws {
        var changes = try Self.changes(3, store)
        let decided = Self.decide(&changes, lane)
        #expect(decided.count == 3 && changes.isEmpty)
        #expect(store.state.current.batches.map(\.count) == [3])
        lane.stop()
        #expect(delivered.current == 0)
        #expect(try store.check().accounts == 3)
    }

    @Test("is not lent while it has work, nor after its end")
    func busy() throws {
        store.state.change { $0.passes = 0 }
        var first = try Self.changes(1, store)
        #expect(lane.submit(&first))
        store.waitUntilEntered(1)
        var second = try Self.changes(2, store)
        #expect(lane.decideHere(&second).decided == nil)
        #expect(second.count == 2)
        store.open()
        lane.stop()
        #expect(lane.decideHere(&second).decided == nil)
        #expect(store.state.current.batches.map(\.count) == [1])
    }

    @Test("decides what came meanwhile once it is given back, and stops only then")
    func meanwhile() throws {
        store.state.change { $0.passes = 0 }
        let (store, lane) = (store, lane)
        let borrower = borrow()
        var more = try Self.changes(2, store)
        #expect(lane.submit(&more))
        let pinged = Guarded(false)
        #expect(lane.ping { pinged.change { $0 = true } })
        let stopper = makeThread { lane.stop() }
        // Time enough for a lane that does not know who is in there.
        for _ in 0..<10_000 { sched_yield() }
        #expect(store.state.current.batches.map(\.count) == [1])
        store.letPass()
        store.waitUntilEntered(2)
        #expect(store.state.current.batches.map(\.count) == [1, 2])
        store.open()
        pthread_join(borrower, nil)
        pthread_join(stopper, nil)
        #expect(delivered.current == 2 && pinged.current)
    }

    @Test("never has two threads in the store")
    func alone() throws {
        let inside = Guarded((now: 0, most: 0, decided: 0))
        let crowded = CountingStore(inside: inside)
        let lane = WriterLane(store: crowded, deliver: { _ in }, failed: { _ in })
        onThreads(4) { index in
            do {
                for round in 0..<300 {
                    var changes = try Self.changes(1 + round % 3, crowded)
                    if index % 2 == 0, lane.decideHere(&changes).decided != nil { continue }
                    _ = lane.submit(&changes)
                }
            } catch {
                Issue.record(error)
            }
        }
        lane.stop()
        #expect(inside.current.most == 1)
        #expect(inside.current.decided == 4 * 600)
    }

    @Test("that broke takes nothing more")
    func broken() throws {
        store.fail([.broken("the test says so")])
        var changes = try Self.changes(2, store)
        let decided = Self.decide(&changes, lane)
        #expect(decided.isFailure)
        #expect(failed.current == [.broken("the test says so")])
        var more = try Self.changes(1, store)
        #expect(!lane.submit(&more))
        #expect(lane.decideHere(&more).decided == nil)
        lane.stop()
    }

    @Test("that broke gives the store nothing that came meanwhile")
    func brokenMeanwhile() throws {
        store.state.change { $0.passes = 0 }
        store.fail([.broken("the test says so")])
        let borrower = borrow()
        var more = try Self.changes(2, store)
        #expect(lane.submit(&more))
        store.open()
        pthread_join(borrower, nil)
        lane.stop()
        #expect(store.state.current.batches.map(\.count) == [1])
        #expect(delivered.current == 2)
    }

    @Test("that was full takes more")
    func full() throws {
        store.fail([.full("the test says so")])
        var changes = try Self.changes(2, store)
        #expect(Self.decide(&changes, lane).isFailure)
        var more = try Self.changes(1, store)
        #expect(!Self.decide(&more, lane).isFailure)
        lane.stop()
    }
}

extension WriterLane.Decided {
    fileprivate var isFailure: Bool {
        if case .failure = results { return true }
        return false
    }
}

/// Counts who is inside.
private final class CountingStore: ForwardingStore {
    let memory = MemoryStore()
    private let inside: Guarded<(now: Int, most: Int, decided: Int)>

    init(inside: Guarded<(now: Int, most: Int, decided: Int)>) { self.inside = inside }

    func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        inside.change {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
        defer {
            inside.change {
                $0.now -= 1
                $0.decided += changes.count
            }
        }
        // Stays a while, so that a second one would be seen.
        for _ in 0..<50 { sched_yield() }
        return try memory.apply(changes)
    }
}
