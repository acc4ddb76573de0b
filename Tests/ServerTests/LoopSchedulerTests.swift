// The order in which a turn of the event loop ends: answers that are ready leave before further
// lines are taken. Without it they would wait for the lines of others on a starved processor.

import Accounts
import Glibc
import Patience
import Store
import Testing

@testable import Server

@Suite("The end of a pass")
struct LoopSchedulerTests {
    /// Sends more than may wait for the lane, which stands still: the last lines wait for their
    /// turn.
    private func flood(_ server: TestServer) throws -> [Line] {
        server.store.changes.shut()
        let lines = try server.connect(12)
        let requests = String(repeating: #"{"op":"cancel","user":"u"}"# + "\n", count: 1_024)
        for line in lines { try line.send(bytes: Array(requests.utf8)) }
        return lines
    }

    @Test("what is ready to be written leaves before lines that have waited are taken")
    func readyFirst() throws {
        let server = try TestServer()
        let (store, scheduler) = (server.store, server.server.scheduler)
        let lines = try flood(server)
        try eventually("lines wait because the lane is crowded") {
            try scheduler.loop.submit {
                scheduler.lines.updateCrowding(of: .app(.standard)) && scheduler.lines.linesLeft > 0
            }.wait()
        }

        let (taken, kept) = (Mutexed(0), Mutexed(0))
        server.asked.set {
            taken.set(taken.value + 1)
            // On the loop, as all that changes these.
            if scheduler.flushes.contains(where: { $0.writer.queue.hasReady }) {
                kept.set(kept.value + 1)
            }
        }
        // The loop stands still until the lane has decided all: then answers are ready and lines
        // may be taken at the same moment.
        scheduler.loop.execute {
            store.changes.open()
            while scheduler.queue.lane.waiting > 0 { sched_yield() }
        }
        for line in lines { _ = try line.receive(1_024) }
        #expect(taken.value > 0, "no line has waited")
        #expect(kept.value == 0)
        server.asked.set(nil)
        try server.expectSound()
    }

    @Test("a lane that sleeps has the first 16 changes before the turn has ended")
    func earlyWake() throws {
        let server = try TestServer()
        let queue = server.server.scheduler.queue
        try eventually("the lane sleeps") { queue.lane.isSleeping }
        let label = EventLabel(op: "check", peer: Peer(uid: 1, pid: 1))
        let change = EventChange(of: nil, now: server.now, label: label)
        let waiting = try queue.loop.submit {
            (0..<17).map { _ in
                _ = queue.submit(.event(change) { _ in }, of: .house)
                return queue.hasChanges
            }
        }.wait()
        #expect(waiting.firstIndex(of: false) == 15)
        try eventually("all are decided") { server.store.decided == 17 }
        try server.expectSound()
    }

    @Test("lines of one app are taken while another has as much waiting as it may")
    func otherApp() throws {
        let server = try TestServer()
        let (store, scheduler) = (server.store, server.server.scheduler)
        let lines = try flood(server)
        try eventually("the app is at its bound") {
            try scheduler.loop.submit { scheduler.lines.updateCrowding(of: .app(.standard)) }.wait()
        }
        let other = try Line(server.otherAppPath)
        #expect(try other.ask(#"{"op":"hello"}"#).hasPrefix(#"{"ok":true"#))
        try other.send(#"{"op":"cancel","user":"u"}"#)
        let shop = Party.app(try #require(AppName("shop")))
        try eventually("its change waits") {
            try scheduler.loop.submit { scheduler.queue.waiting(of: shop).changes == 1 }.wait()
        }
        store.changes.open()
        _ = try other.receive(1)
        for line in lines { _ = try line.receive(1_024) }
        try server.expectSound()
    }
}
