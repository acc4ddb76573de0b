// Looks into the store: on the lane, between batches, one at a time, and never while somebody else
// is in there. None may be forgotten, nor be let in once the store has broken.

import Accounts
import Glibc
import Store
import StoreHarness
import Testing

@Suite("A look on the lane")
struct LaneLookTests {
    private let store = GatedStore(isOpen: false)
    private let order = Guarded<[String]>([])
    private let lane: WriterLane

    init() {
        lane = WriterLane(
            store: store, deliver: { $0.tell() }, failed: { _ in })
    }

    private func submit(_ user: String) throws -> Bool {
        let change = try Person(user).enroll().accountChange(in: store)
        return lane.submit(
            .account(change) { [order] result in
                guard case .success(.decided) = result else {
                    return order.change { $0.append("failed") }
                }
                order.change { $0.append(user) }
            })
    }

    private func look(_ name: String) -> Bool {
        lane.look { [order] store in
            let isThere = store != nil
            return { order.change { $0.append(isThere ? name : "\(name) nowhere") } }
        }
    }

    @Test("comes after what waits, and lets what comes meanwhile go first")
    func betweenBatches() throws {
        try #expect(submit("ada"))
        store.waitUntilEntered(1)
        #expect(look("look 1"))
        #expect(look("look 2"))
        try #expect(submit("bob"))
        store.letPass()
        store.waitUntilEntered(2)
        #expect(order.current == ["ada"])
        store.open()
        order.wait { $0.count == 4 }
        #expect(order.current == ["ada", "bob", "look 1", "look 2"])
        lane.stop()
    }

    @Test("is one at a time, with a batch between two of them")
    func oneAtATime() throws {
        let isInside = Guarded(false)
        let mayLeave = Guarded(false)
        let isTaken = lane.look { [order] _ in
            isInside.change { $0 = true }
            mayLeave.wait { $0 }
            return { order.change { $0.append("look 1") } }
        }
        #expect(isTaken)
        isInside.wait { $0 }
        #expect(look("look 2"))
        #expect(look("look 3"))
        store.open()
        try #expect(submit("ada"))
        // Nobody may borrow the place of a lane that looks.
        var more = WriterLane.Turns()
        more.append(.account(try Person("bob").enroll().accountChange(in: store)) { _ in })
        #expect(lane.decideHere(&more).decided == nil)
        mayLeave.change { $0 = true }
        order.wait { $0.count == 4 }
        #expect(order.current == ["look 1", "ada", "look 2", "look 3"])
        lane.stop()
    }

    @Test("is had before the lane stops, and not afterwards")
    func stops() throws {
        try #expect(submit("ada"))
        store.waitUntilEntered(1)
        for number in 1...3 { #expect(look("look \(number)")) }
        let thread = makeThread { [lane] in lane.stop() }
        store.open()
        pthread_join(thread, nil)
        #expect(order.current == ["ada", "look 1", "look 2", "look 3"])
        #expect(!look("late"))
    }

    @Test("finds nothing once the store has broken")
    func broken() throws {
        store.fail([.broken("the test says so")])
        try #expect(submit("ada"))
        store.waitUntilEntered(1)
        #expect(look("look 1"))
        #expect(look("look 2"))
        store.open()
        lane.stop()
        #expect(order.current == ["failed", "look 1 nowhere", "look 2 nowhere"])
        #expect(!look("late"))
    }

    @Test("finds nothing once the store has broken for a borrower")
    func brokenWhileLent() throws {
        store.fail([.broken("the test says so")])
        let (store, lane) = (store, lane)
        let borrower = makeThread {
            do {
                var changes = WriterLane.Turns()
                changes.append(
                    .account(try Person("ada").enroll().accountChange(in: store)) { _ in })
                while lane.decideHere(&changes).decided == nil { sched_yield() }
            } catch {
                Issue.record(error)
            }
        }
        store.waitUntilEntered(1)
        #expect(look("look 1"))
        store.open()
        pthread_join(borrower, nil)
        lane.stop()
        #expect(order.current == ["look 1 nowhere"])
    }
}
