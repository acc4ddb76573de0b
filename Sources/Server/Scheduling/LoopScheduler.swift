// A pass of the event loop, which ends once for all that it brought: replies that became ready
// together leave together, lines that wait are taken, and their changes go to the lane together.

import NIOCore
import Store

/// Used on the event loop only.
final class LoopScheduler: @unchecked Sendable {
    // Unchecked, because connections and completions, which use it, live on `loop` alone.
    let loop: any EventLoop
    private(set) lazy var queue = StoreQueue(
        loop: loop, store: store, decidedHereMax: limits.changesDecidedHereMax,
        changed: { [unowned self] in endSoon() }, decided: { self.complete($0) }, failed: failed)
    private(set) lazy var lines = LineScheduler(queue) { [unowned self] in endSoon() }
    private(set) lazy var watchers = EventWatchers(queue, behindMax: limits.watchBehindMax)
    private let store: any AccountStore
    private let limits: ServerLimits
    private let failed: @Sendable (StoreFault) -> Void
    /// Connections that have something to write.
    private(set) var flushes: [Connection] = []
    private var round: [Connection] = []
    private var willEnd = false
    /// How many have ended, to tell which of two things was earlier.
    private(set) var passes = 0

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

    /// Has a connection flushed at the end of the pass.
    func flushAtEnd(_ connection: Connection) {
        flushes.append(connection)
        endSoon()
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
        while queue.hasChanges || !flushes.isEmpty || lines.mayTakeQueued {
            // What is ready leaves first: on a starved processor the lines of others take long, and
            // so does the flush of a change that is decided here.
            swap(&flushes, &round)
            for connection in round { connection.flush() }
            round.removeAll(keepingCapacity: true)
            lines.takeQueued()
            handOver()
        }
        willEnd = false
        passes += 1
        lines.endPass()
    }

    /// Gives the changes of the pass away.
    func handOver() {
        if let decided = queue.handOver() { tell(decided) }
    }

    /// The lane has decided a batch.
    private func complete(_ decided: WriterLane.Decided) {
        loop.preconditionInEventLoop()
        willEnd = true
        tell(decided)
        end()
    }

    private func tell(_ decided: WriterLane.Decided) {
        decided.tell()
        watchers.advance()
    }
}
