// What the event loop wants of the store: changes, which go to the lane together at the end of a
// pass, and looks. No change is forgotten: each is told what it came to, once.

import NIOCore
import Store

/// Used on the event loop only.
final class StoreQueue: ChangeQueue, @unchecked Sendable {
    // Unchecked, because it and what waits in it are used on `loop` alone.
    let loop: any EventLoop
    let lane: WriterLane
    private let store: any AccountStore
    /// Changes of one pass that may be decided on the loop.
    private let decidedHereMax: Int
    /// Told when there is something to hand over at the end of the pass.
    private let changed: @Sendable () -> Void
    private var changes = WriterLane.Turns()

    /// - Parameters:
    ///   - changed: see there; on the loop.
    ///   - decided: gets each batch that the lane has decided, on the loop.
    ///   - failed: is told of a fault of the store, on the thread that met it.
    init(
        loop: any EventLoop, store: any AccountStore, decidedHereMax: Int,
        changed: @escaping @Sendable () -> Void,
        decided: @escaping @Sendable (WriterLane.Decided) -> Void,
        failed: @escaping @Sendable (StoreFault) -> Void
    ) {
        self.loop = loop
        self.store = store
        self.decidedHereMax = decidedHereMax
        self.changed = changed
        lane = WriterLane(
            store: store, deliver: { batch in loop.execute { decided(batch) } }, failed: failed)
    }

    /// Changes that were not decided yet.
    var waiting: Int { lane.waiting + changes.count }
    var hasChanges: Bool { !changes.isEmpty }

    /// The last event that was kept.
    var lastEvent: UInt64 { store.lastEvent }

    /// How many of a party's changes were not decided yet, and how many parties have any.
    func waiting(of party: Party) -> (changes: Int, parties: Int) {
        let given = lane.waiting(of: party)
        return (given.changes + changes.count(of: party), max(given.parties, changes.parties))
    }

    func submit(_ submission: Submission, of party: Party) -> Bool {
        loop.assertInEventLoop()
        guard waiting < WriterLane.waitingMax else { return false }
        changes.append(submission, of: party)
        // A lane that has nothing to do need not wait for the rest of what the sockets bring. One
        // that has stopped takes nothing: `handOver` tells them so.
        let isGiven =
            changes.count >= ServerPolicy.changesPerWake && lane.isSleeping
            && lane.submit(&changes)
        if !isGiven { changed() }
        return true
    }

    /// Gives the changes to the lane, or decides them here when they are few and the lane sleeps:
    /// then nothing is to be gained from a second thread, and waking it costs as much as a flush.
    /// Returns what is decided already.
    func handOver() -> WriterLane.Decided? {
        guard !changes.isEmpty else { return nil }
        if changes.count <= decidedHereMax {
            switch lane.decideHere(&changes) {
            case .decided(let decided): return decided
            case .inFlight: return nil
            case .notLent: break
            }
        }
        guard !lane.submit(&changes) else { return nil }
        // It has stopped: the drain has waited as long as it may.
        return changes.removeAll().failed(.full("the lane has stopped"))
    }

    func look<Found: Sendable>(
        _ body: @escaping @Sendable (any AccountStore) -> Found,
        _ completion: @escaping @Sendable (Found?) -> Void
    ) -> Bool {
        lane.look { [loop] store in
            let found = store.map(body)
            return { loop.execute { completion(found) } }
        }
    }

    func report(_ completion: @escaping @Sendable (StoreReport.Outcome) -> Void) {
        loop.assertInEventLoop()
        // Whoever is first, the lane or the time, tells; the other finds nobody to tell.
        let waiting = NIOLoopBoundBox(Optional(completion), eventLoop: loop)
        @Sendable func tell(_ outcome: StoreReport.Outcome) {
            waiting.value?(outcome)
            waiting.value = nil
        }
        let isTaken = lane.look { [lane, loop, askedAt = MonotonicClock.microseconds()] store in
            let outcome = StoreReport.Outcome(store, lane, askedAt: askedAt)
            return { loop.execute { tell(outcome) } }
        }
        guard isTaken else { return tell(.late) }
        loop.scheduleTask(in: ServerPolicy.reportTime) { tell(.late) }
    }
}
