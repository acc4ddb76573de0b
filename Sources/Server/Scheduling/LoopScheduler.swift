// What a turn of the event loop leaves to its end, so that it is done once for all: the changes go
// to the lane together, and replies that became ready together leave together. It must never forget
// a change or a connection.

import NIOCore
import Store
import Wire

/// Used on the event loop only.
final class LoopScheduler: ChangeQueue, @unchecked Sendable {
    // Unchecked, because connections and completions, which use it, live on `loop` alone.
    let loop: any EventLoop
    private let store: any AccountStore
    private let failed: @Sendable (StoreFault) -> Void
    private(set) lazy var lane = WriterLane(
        store: store,
        deliver: { decided in self.loop.execute { self.complete(decided) } }, failed: failed)
    private var changes = WriterLane.Submissions()
    /// Connections that have something to write.
    private(set) var connections: [Connection] = []
    private var round: [Connection] = []
    /// Connections with lines that wait to be taken; the admins are a party like any app.
    private var waiting = FairQueue<Caller, Connection>()
    /// Lines that may be taken before the sockets are looked at again.
    private(set) var linesLeft = ServerPolicy.linesPerPass
    /// Too much waits for the lane; lines stay where they are until it has room.
    private(set) var isCrowded = false
    private(set) lazy var bell = NextPoll { self.renew() }
    private var willEnd = false
    /// Which turn it is, to tell which of two things was earlier.
    private(set) var number = 0
    /// Connections that want events as they are kept.
    private var watchers: [ObjectIdentifier: EventWatcher] = [:]
    let limits: ServerLimits

    /// - Parameter failed: is told of a fault of the store, on the thread that met it.
    init(
        loop: any EventLoop, store: any AccountStore, limits: ServerLimits,
        failed: @escaping @Sendable (StoreFault) -> Void
    ) {
        self.loop = loop
        self.store = store
        self.limits = limits
        self.failed = failed
    }

    // MARK: What is left to the end

    func submit(_ submission: Submission) -> Bool {
        loop.assertInEventLoop()
        guard lane.waiting + changes.count < WriterLane.waitingMax else { return false }
        changes.append(submission)
        endSoon()
        return true
    }

    func look<Found: Sendable>(
        _ body: @escaping @Sendable (any AccountStore) -> Found,
        _ completion: @escaping @Sendable (Found?) -> Void
    ) -> Bool {
        lane.look { store in
            let found = store.map(body)
            self.loop.execute { completion(found) }
        }
    }

    func survey(_ completion: @escaping @Sendable (StoreReportOutcome) -> Void) {
        loop.assertInEventLoop()
        // Whoever is first, the lane or the time, tells; the other finds nobody to tell.
        let waiting = NIOLoopBoundBox(Optional(completion), eventLoop: loop)
        @Sendable func tell(_ surveyed: StoreReportOutcome) {
            waiting.value?(surveyed)
            waiting.value = nil
        }
        let (lane, askedAt) = (lane, LaneFigures.now())
        let isTaken = lane.look { store in
            let surveyed: StoreReportOutcome
            do throws(StoreFault) {
                let figures = try store?.figures()
                surveyed =
                    figures.map { .found(StoreReport(lane.figures, $0, askedAt: askedAt)) } ?? .late
            } catch {
                surveyed = .failed(error)
            }
            self.loop.execute { tell(surveyed) }
        }
        guard isTaken else { return tell(.late) }
        loop.scheduleTask(in: ServerPolicy.surveyTime) { tell(.late) }
    }

    // MARK: Watching

    var watcherCount: Int { watchers.count }

    /// The last event that was kept.
    var lastEvent: UInt64 { store.lastEvent }

    func add(_ watcher: EventWatcher) { watchers[ObjectIdentifier(watcher)] = watcher }
    func remove(_ watcher: EventWatcher) { watchers[ObjectIdentifier(watcher)] = nil }

    private func tellWatchers() {
        for watcher in watchers.values { watcher.advance(loop) }
    }

    // MARK: Flushing

    /// Has a connection flushed.
    func add(_ connection: Connection) {
        connections.append(connection)
        endSoon()
    }

    // MARK: Taking lines

    /// Has lines of a connection taken: at once while nobody waits, else when its turn comes.
    func takeLines(of connection: Connection) {
        guard waiting.isEmpty, linesLeft > 0, !updateBackPressure() else {
            return queue(connection)
        }
        take(connection, atMost: connection.linesPerTurn)
    }

    /// Has lines of a connection taken when its turn comes.
    func queue(_ connection: Connection) {
        connection.isQueued = true
        waiting.append(connection, of: connection.caller)
        endSoon()
    }

    private func take(_ connection: Connection, atMost share: Int) {
        linesLeft -= connection.takeLines(atMost: min(share, linesLeft))
        if linesLeft == 0 { bell.ring() }
    }

    /// Takes lines of everybody who waits now, as far as the pass allows.
    private func takeWaiting() {
        let share = ServerPolicy.linesPerTurn(waiting: waiting.count)
        for _ in 0..<waiting.count {
            guard linesLeft > 0, !updateBackPressure(), let connection = waiting.next() else {
                return
            }
            connection.isQueued = false
            take(connection, atMost: min(share, connection.linesPerTurn))
            connection.flushSoon()
        }
    }

    /// The sockets were looked at again.
    private func renew() {
        linesLeft = ServerPolicy.linesPerPass
        endSoon()
    }

    private var mayTakeWaiting: Bool { !waiting.isEmpty && linesLeft > 0 && !updateBackPressure() }

    /// Whether so much waits for the lane that connections should keep their lines.
    private func updateBackPressure() -> Bool {
        let number = lane.waiting + changes.count
        if number >= ServerPolicy.changesWaitingMax {
            isCrowded = true
        } else if number <= ServerPolicy.changesWaitingResume {
            isCrowded = false
        }
        return isCrowded
    }

    // MARK: The end

    /// Completes what the lane has decided, and ends the turn.
    private func complete(_ decided: WriterLane.Decided) {
        loop.preconditionInEventLoop()
        willEnd = true
        decided.tell()
        if !watchers.isEmpty { tellWatchers() }
        end()
    }

    /// Never at once: while NIO tells of an end of input, a write that fails would close the
    /// channel under its feet.
    private func endSoon() {
        guard !willEnd else { return }
        willEnd = true
        loop.execute { self.end() }
    }

    private func end() {
        // Flushing makes room for lines, which bring new changes.
        while !changes.isEmpty || !connections.isEmpty || mayTakeWaiting {
            // What is ready leaves first: on a starved processor the lines of others take long, and
            // so does the flush of a change that is decided here.
            swap(&connections, &round)
            for connection in round { connection.flush() }
            round.removeAll(keepingCapacity: true)
            takeWaiting()
            handOver()
        }
        willEnd = false
        number += 1
    }

    /// Gives the changes to the lane, or decides them here when they are few and the lane sleeps:
    /// then nothing is to be gained from a second thread, and waking it costs as much as a flush.
    func handOver() {
        guard !changes.isEmpty else { return }
        if changes.count <= limits.changesDecidedHereMax, let decided = lane.decideHere(&changes) {
            decided.tell()
            if !watchers.isEmpty { tellWatchers() }
            return
        }
        guard !lane.submit(&changes) else { return }
        // It has stopped: the drain has waited as long as it may.
        let refused = changes.failed(.full("the lane has stopped"))
        changes.removeAll()
        refused.tell()
    }
}
