// Looks into a store that is elsewhere: on a thread of their own, so that neither they nor changes
// wait for each other.

import Accounts
import Glibc
import Store
import StoreHarness
import Testing

@Suite("A look into a store that is elsewhere")
struct FarLookTests {
    private let store = GatedStore(isOpen: false, isNear: false)
    private let order = Guarded<[String]>([])
    private let lane: WriterLane

    init() {
        lane = WriterLane(store: store, deliver: { $0.tell() }, failed: { _ in })
    }

    private func submit(_ user: String) throws -> Bool {
        let change = try Person(user).enroll().accountChange(in: store)
        return lane.submit(.account(change) { [order] _ in order.change { $0.append(user) } })
    }

    private func look(_ name: String) -> Bool {
        lane.look { [order] store in
            let isThere = store != nil
            return { order.change { $0.append(isThere ? name : "\(name) nowhere") } }
        }
    }

    @Test("waits for no change that is being decided")
    func duringBatch() throws {
        try #expect(submit("ada"))
        store.waitUntilEntered(1)
        #expect(look("look 1"))
        #expect(look("look 2"))
        order.wait { $0.count == 2 }
        store.open()
        order.wait { $0.count == 3 }
        #expect(order.current == ["look 1", "look 2", "ada"])
        lane.stop()
        #expect(!look("late"))
    }

    @Test("holds up neither a change nor a sign of life, and the event loop decides nothing")
    func duringLook() throws {
        let (isInside, mayLeave) = (Guarded(false), Guarded(false))
        let isTaken = lane.look { [order] _ in
            isInside.change { $0 = true }
            mayLeave.wait { $0 }
            return { order.change { $0.append("look 1") } }
        }
        #expect(isTaken)
        isInside.wait { $0 }
        store.open()
        try #expect(submit("ada"))
        order.wait { $0.count == 1 }
        let isPinged = lane.ping { [order] in order.change { $0.append("ping") } }
        #expect(isPinged)
        order.wait { $0.count == 2 }
        var more = WriterLane.Turns()
        more.append(.account(try Person("bob").enroll().accountChange(in: store)) { _ in })
        #expect(lane.decideHere(&more).decided == nil)
        mayLeave.change { $0 = true }
        order.wait { $0.count == 3 }
        #expect(order.current == ["ada", "ping", "look 1"])
        lane.stop()
    }

    @Test("finds nothing when it has not begun before the lane stops")
    func stops() throws {
        let (isInside, mayLeave) = (Guarded(false), Guarded(false))
        _ = lane.look { [order] _ in
            isInside.change { $0 = true }
            mayLeave.wait { $0 }
            return { order.change { $0.append("look 1") } }
        }
        isInside.wait { $0 }
        #expect(look("look 2"))
        let thread = makeThread { [lane] in lane.stop() }
        // From when it takes no more looks, it is about to end.
        while look("more") { sched_yield() }
        mayLeave.change { $0 = true }
        pthread_join(thread, nil)
        let found = order.current
        #expect(Array(found.prefix(2)) == ["look 1", "look 2 nowhere"])
        for name in found.dropFirst(2) { #expect(name == "more nowhere") }
    }
}
