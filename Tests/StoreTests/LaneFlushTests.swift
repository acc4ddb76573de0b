// The lane while flushes overlap: it goes on deciding, and nobody is told of anything before it is
// on the disk, whatever kind of word it is.

import Glibc
import Store
import StoreHarness
import Testing

@testable import Accounts

@Suite("A lane ahead of the disk")
struct LaneFlushTests {
    private let store = FlushingStore()
    /// What was told, in its order.
    private let told = Guarded<[String]>([])
    private let failed = Guarded<[StoreFault]>([])
    private let lane: WriterLane

    init() {
        lane = WriterLane(
            store: store, deliver: { $0.tell() },
            failed: { [failed] fault in failed.change { $0.append(fault) } })
    }

    private func submission(_ user: String) throws -> Submission {
        let change = try Person(user).enroll().accountChange(in: store)
        return .account(change) { [told] result in
            guard case .success(.decided) = result else {
                return told.change { $0.append("\(user) failed") }
            }
            told.change { $0.append(user) }
        }
    }

    private func submit(_ user: String) throws { try #expect(lane.submit(submission(user))) }

    /// Has so many batches of one change written.
    private func write(_ users: [String]) throws {
        for user in users {
            let before = store.state.current.written
            try submit(user)
            store.state.wait { $0.written > before }
        }
    }

    private func look(_ name: String, _ seen: Guarded<Bool>) -> Bool {
        lane.look { [told] store in
            let isThere = store != nil
            seen.change { $0 = true }
            return { told.change { $0.append(isThere ? name : "\(name) nowhere") } }
        }
    }

    /// Time enough for a word that does not wait.
    private func idle() { for _ in 0..<10_000 { sched_yield() } }

    @Test("goes on deciding, and tells each batch once it is on the disk")
    func ahead() throws {
        try write(["ada", "bob", "cid"])
        idle()
        #expect(told.current == [])
        store.flush(upTo: 1)
        told.wait { !$0.isEmpty }
        #expect(told.current == ["ada"])
        store.flush(upTo: 3)
        told.wait { $0.count == 3 }
        #expect(told.current == ["ada", "bob", "cid"])
        lane.stop()
    }

    @Test("tells of what a look has found, and of its own life, only once that is on the disk")
    func looks() throws {
        try write(["ada"])
        let seen = Guarded(false)
        #expect(look("look", seen))
        seen.wait { $0 }
        let pinged = lane.ping { [told] in told.change { $0.append("ping") } }
        #expect(pinged)
        try write(["bob"])
        idle()
        #expect(told.current == [])
        store.flush(upTo: 1)
        told.wait { $0.count >= 2 }
        #expect(told.current.prefix(2) == ["ada", "look"])
        store.flush(upTo: 2)
        told.wait { $0.count == 4 }
        #expect(Set(told.current) == ["ada", "look", "ping", "bob"])
        lane.stop()
    }

    @Test("waits while too much is in flight, and takes what has gathered as one batch")
    func behind() throws {
        store.state.change { $0.behindAt = 2 }
        try write(["ada", "bob"])
        for user in ["cid", "dan", "eve"] { try submit(user) }
        var more = WriterLane.Turns()
        more.append(try submission("fay"))
        guard case .notLent = lane.decideHere(&more) else {
            Issue.record("lent, though too much is in flight")
            return
        }
        idle()
        #expect(store.state.current.written == 2)
        store.flush(upTo: 1)
        store.state.wait { $0.written == 3 }
        store.flush(upTo: 3)
        told.wait { $0.count == 5 }
        #expect(told.current == ["ada", "bob", "cid", "dan", "eve"])
        lane.stop()
    }

    @Test("decides on a thread that asks, and delivers once that is on the disk")
    func borrowed() throws {
        var changes = WriterLane.Turns()
        changes.append(try submission("ada"))
        while true {
            switch lane.decideHere(&changes) {
            case .notLent:
                sched_yield()
                continue
            case .decided: Issue.record("decided, and not on the disk")
            case .inFlight: break
            }
            break
        }
        #expect(changes.isEmpty && told.current == [])
        store.flush(upTo: 1)
        #expect(told.current == ["ada"])
        lane.stop()
    }

    @Test("tells nobody of what a failed flush may have lost, and breaks once")
    func fails() throws {
        try write(["ada", "bob"])
        let seen = Guarded(false)
        #expect(look("look", seen))
        seen.wait { $0 }
        store.fail(.broken("the test says so"))
        failed.wait { !$0.isEmpty }
        store.flush(upTo: 2)
        lane.stop()
        #expect(told.current == ["ada failed", "bob failed", "look nowhere"])
        #expect(failed.current == [.broken("the test says so")])
        try #expect(!lane.submit(submission("cid")))
    }

    @Test("stops once everything is on the disk and told")
    func stops() throws {
        try write(["ada", "bob"])
        let stopped = Guarded(false)
        let thread = makeThread { [lane, stopped] in
            lane.stop()
            stopped.change { $0 = true }
        }
        idle()
        #expect(!stopped.current)
        store.flush(upTo: 2)
        pthread_join(thread, nil)
        #expect(told.current == ["ada", "bob"])
    }
}
