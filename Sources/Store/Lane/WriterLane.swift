// The one thread that writes, or a thread that borrows its place while it sleeps. It takes waiting
// changes, of all parties in turn, has the store decide and write them in one batch, and goes on
// while the batch is flushed: group commit, without timers. Only one thread may be in the store at
// a time, and nobody is told of anything that is not on the disk.

import Accounts
import Synchronization

package final class WriterLane: @unchecked Sendable {
    // Unchecked, because whoever has the lane's place alone uses `batch` and `position` and writes
    // into `store`, and all else that changes is used under `monitor`.

    /// A short look into the store; nil when the store has broken, and nobody may look any more.
    /// Returns what tells of what it has found, once all of that is on the disk.
    package typealias Look = @Sendable ((any AccountStore)?) -> @Sendable () -> Void

    /// The most changes in one batch: about 1.5 ms of deciding, for which whoever comes next has to
    /// wait. Larger batches gain nothing: the flush is shared by then.
    package static let batchMax = 256
    /// The same while several parties are served: each of them waits for a quarter of that.
    package static let sharedBatchMax = 64
    /// The most changes that may wait: as many as all connections together may have under way.
    package static let waitingMax = 65_536

    private let store: any AccountStore
    private let deliver: @Sendable (Decided) -> Void
    private let failed: @Sendable (StoreFault) -> Void
    private let outbox: Outbox
    /// Nil for a store that is near.
    private let reading: ReadingLane?

    private let monitor = Monitor()
    private var queue = Queue()
    /// Written under `monitor`.
    private let sleeping = Atomic(false)
    /// Another thread is in the store, in the lane's place.
    private var isBorrowed = false
    private var isStopping = false
    /// A flush has failed.
    private var fault: StoreFault?
    /// Whoever waited was told that the store has broken.
    private var hasBroken = false
    private var thread: JoinableThread?
    /// What is decided next.
    private var batch = Submissions()
    /// Of all that was written so far.
    private var position: UInt64 = 0
    private var counted = LaneFigures()
    private let waitingCount = Atomic(0)

    /// - Parameters:
    ///   - deliver: gets all results of a batch, on any thread, one batch after the other; it
    ///     should hand them on and return.
    ///   - failed: is told of each batch that the store did not keep, after `deliver` was told. On
    ///     `StoreFault.broken` it should end the process.
    package init(
        store: any AccountStore, deliver: @escaping @Sendable (Decided) -> Void,
        failed: @escaping @Sendable (StoreFault) -> Void
    ) {
        self.store = store
        self.deliver = deliver
        self.failed = failed
        outbox = Outbox(of: store)
        reading = store.isNear ? nil : ReadingLane(store)
        thread = JoinableThread(named: "lane") { self.run() }
        store.whenDue { [weak self] in self?.takeUpWhatIsDue() }
        store.whenFlushed { [weak self] in self?.takeNoteOfFlush($0) }
    }

    /// Whether its thread has nothing to do, a moment ago at least.
    package var isSleeping: Bool { sleeping.load(ordering: .relaxed) }

    /// How many changes wait, of those that were submitted.
    package var waiting: Int { waitingCount.load(ordering: .relaxed) }

    /// How many changes of a party wait, and of how many parties any do.
    package func waiting(of party: Party) -> (changes: Int, parties: Int) {
        monitor.locked { (queue.changes.count(of: party), queue.changes.parties) }
    }

    package var figures: LaneFigures { monitor.locked { counted } }

    /// Queues changes, and empties `changes`. Returns false, and does nothing, when too many wait
    /// or the lane has stopped.
    package func submit(_ changes: inout Turns) -> Bool {
        monitor.locked {
            guard !isStopping, waiting < Self.waitingMax else { return false }
            waitingCount.add(changes.count, ordering: .relaxed)
            queue.changes.take(&changes)
            wake()
            return true
        }
    }

    /// Decides a few changes on the calling thread, if the lane sleeps: two threads need not be
    /// woken for them. Empties `changes`, if they are decided.
    package func decideHere(_ changes: inout Turns) -> DecidedHere {
        let isLent = monitor.locked {
            guard reading == nil, isSleeping, !isBorrowed, !isStopping, queue.isEmpty,
                !store.isFlushBehind
            else { return false }
            isBorrowed = true
            return true
        }
        guard isLent else { return .notLent }
        changes.takeBatch(&batch, atMost: .max)
        let given = apply(batch)
        batch.removeAll()
        var result = DecidedHere.decided(given.decided)
        if given.fault == nil, given.position > store.flushed {
            put(given)
            result = .inFlight
        } else {
            note(given)
        }
        monitor.locked {
            isBorrowed = false
            // In the same moment, so that the lane gives the store nothing that came meanwhile.
            if let fault = given.fault, !fault.mayPass { self.fault = fault }
            if isStopping || fault != nil || !queue.isEmpty { wake() }
        }
        if let fault = given.fault {
            if fault.mayPass { failed(fault) } else { breakDown(fault) }
        }
        return result
    }

    /// Has `body` look into the store on the lane, between two batches, once. It must be short, a
    /// millisecond at most: whoever waits for a decision waits for it too. Longer reading takes
    /// several looks, and each finds the store as it is by then.
    package func look(_ body: @escaping Look) -> Bool {
        if let reading { return reading.look(body) }
        return monitor.locked {
            guard !isStopping else { return false }
            queue.looks.append(body)
            wake()
            return true
        }
    }

    /// Calls `body` once what waits now has been decided and is on the disk: a sign of life.
    package func ping(_ body: @escaping @Sendable () -> Void) -> Bool {
        // A full queue is not a dead one: the ping finds its place all the same.
        monitor.locked {
            guard !isStopping else { return false }
            queue.pings.append(body)
            wake()
            return true
        }
    }

    private func takeNoteOfFlush(_ fault: StoreFault?) {
        if let fault {
            outbox.fail(fault)
        } else {
            outbox.tell()
        }
        monitor.locked {
            if let fault { self.fault = fault }
            if isStopping || fault != nil || !queue.isEmpty { wake() }
        }
    }

    private func takeUpWhatIsDue() {
        monitor.locked {
            queue.isDue = true
            wake()
        }
    }

    /// Decides what waits, then ends the thread. Blocks until it has ended; may be called once.
    package func stop() {
        let thread = monitor.locked {
            isStopping = true
            wake()
            defer { self.thread = nil }
            return self.thread
        }
        thread?.join()
        reading?.stop()
    }

    /// Under `monitor`.
    private func wake() {
        guard isSleeping else { return }
        sleeping.store(false, ordering: .relaxed)
        monitor.notify()
    }

    private func run() {
        while let round = next() {
            if let fault = decideBatch() ?? (round.isDue ? doWhatIsDue() : nil) {
                if let look = round.look { look(nil)() }
                return breakDown(fault)
            }
            for ping in round.pings { outbox.put(.init(tell: ping, fail: { _ in }), at: position) }
            if let look = round.look {
                outbox.put(.init(tell: look(store), fail: { _ in look(nil)() }), at: position)
            }
        }
        outbox.waitUntilEmpty()
        if let fault = monitor.locked({ fault }) { breakDown(fault) }
    }

    /// Waits for changes, and takes a batch of them; nil when the lane should end.
    private func next() -> Queue.Round? {
        monitor.locked {
            while isBorrowed || fault == nil && (queue.isEmpty || store.isFlushBehind) {
                if isStopping, !isBorrowed, queue.isEmpty { return nil }
                sleeping.store(true, ordering: .relaxed)
                monitor.wait()
            }
            sleeping.store(false, ordering: .relaxed)
            guard fault == nil else { return nil }
            return queue.next(&batch)
        }
    }

    private func decideBatch() -> StoreFault? {
        guard !batch.isEmpty else { return nil }
        waitingCount.subtract(batch.count, ordering: .relaxed)
        let given = apply(batch)
        batch.removeAll()
        guard let fault = given.fault else {
            put(given)
            return nil
        }
        // It has seen nothing that could be told of too early.
        note(given)
        deliver(given.decided)
        return breaking(fault)
    }

    private func apply(_ batch: Submissions) -> Given {
        let began = MonotonicClock.microseconds()
        do throws(StoreFault) {
            let written = try store.write(batch.changes)
            position = written.position
            return Given(
                decided: batch.decided(written.results), position: position, began: began,
                fault: nil)
        } catch {
            return Given(
                decided: batch.failed(error), position: position, began: began, fault: error)
        }
    }

    private func note(_ batch: Given) {
        monitor.locked { counted.note(batch.decided.count, since: batch.began, batch.fault) }
    }

    /// Delivers a batch once it is on the disk.
    private func put(_ batch: Given) {
        let word = Outbox.Word(
            tell: { [self] in
                note(batch)
                deliver(batch.decided)
            },
            fail: { [self] in deliver(batch.decided.failed($0)) })
        outbox.put(word, at: batch.position)
    }

    /// For itself the store writes down nothing that a request would miss: what finds no room now
    /// is done with a later batch.
    private func doWhatIsDue() -> StoreFault? {
        do throws(StoreFault) {
            _ = try store.apply([])
            return nil
        } catch {
            return breaking(error)
        }
    }

    /// The fault, unless it may pass.
    private func breaking(_ fault: StoreFault) -> StoreFault? {
        guard fault.mayPass else { return fault }
        failed(fault)
        return nil
    }

    /// After a store has broken nothing more is given to it, not even what came before anyone knew,
    /// and nothing is told that is not on the disk.
    private func breakDown(_ fault: StoreFault) {
        outbox.fail(fault)
        reading?.stop()
        let (rest, isFirst) = monitor.locked {
            defer { (isStopping, hasBroken, self.fault) = (true, true, fault) }
            // The lane wakes to nothing.
            wake()
            return (queue.removeAll(), !hasBroken)
        }
        if !rest.changes.isEmpty { deliver(rest.changes.failed(fault)) }
        for look in rest.looks { look(nil)() }
        if isFirst { failed(fault) }
    }
}
