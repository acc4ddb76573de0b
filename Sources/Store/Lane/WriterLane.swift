// The one thread that writes, or a thread that borrows its place while it sleeps. It takes all
// waiting changes, has the store decide and keep them in one batch, and then hands out all results:
// group commit, without timers. Only one thread may be in the store at a time.

import Accounts
import Glibc
import Synchronization

package final class WriterLane: @unchecked Sendable {
    // Unchecked, because `queue`, `pings`, `looks`, `isDue`, `isSleeping`, `isBorrowed` and
    // `isStopping` are used only under `mutex`, and `taken` only by the lane's thread.

    /// A short look into the store; nil when the store has broken, and nobody may look any more.
    package typealias Look = @Sendable ((any AccountStore)?) -> Void

    /// The most changes in one transaction. Larger batches cost latency and gain nothing: the flush
    /// is shared by then.
    package static let batchMax = 1024
    /// The most changes that may wait: as many as all connections together may have under way.
    package static let waitingMax = 65_536

    private let store: any AccountStore
    private let deliver: @Sendable (Decided) -> Void
    private let failed: @Sendable (StoreFault) -> Void

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let arrived: UnsafeMutablePointer<pthread_cond_t>
    private var queue = Submissions()
    private var pings: [@Sendable () -> Void] = []
    private var looks: [Look] = []
    /// The store has something to do for itself.
    private var isDue = false
    private var isSleeping = false
    /// Another thread is in the store, in the lane's place.
    private var isBorrowed = false
    private var isStopping = false
    private var thread: JoinableThread?
    /// Taken out of `queue`, and not yet part of a batch.
    private var taken = Submissions()
    /// To be read within a look, which is alone in the store.
    package private(set) var figures = LaneFigures()
    private let waitingCount = Atomic(0)

    /// - Parameters:
    ///   - deliver: gets all results of a batch, on the lane; it should hand them on and return.
    ///   - failed: is told of each batch that the store did not keep, after `deliver` was told. On
    ///     `StoreFault.broken` it should end the process.
    package init(
        store: any AccountStore, deliver: @escaping @Sendable (Decided) -> Void,
        failed: @escaping @Sendable (StoreFault) -> Void
    ) {
        self.store = store
        self.deliver = deliver
        self.failed = failed
        mutex = .allocate(capacity: 1)
        arrived = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(arrived, nil)
        thread = JoinableThread { self.run() }
        store.whenDue { [weak self] in self?.takeUpWhatIsDue() }
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(arrived)
        mutex.deallocate()
        arrived.deallocate()
    }

    /// How many changes wait, of those that were submitted.
    package var waiting: Int { waitingCount.load(ordering: .relaxed) }

    /// Queues a change. Returns false, and does nothing, when too many wait or the lane has
    /// stopped.
    package func submit(_ submission: Submission) -> Bool {
        var one = Submissions()
        one.append(submission)
        return submit(&one)
    }

    /// Queues changes, and empties `changes`. Returns false, and does nothing, when too many wait
    /// or the lane has stopped.
    package func submit(_ changes: inout Submissions) -> Bool {
        locked {
            guard !isStopping, waiting < Self.waitingMax else { return false }
            waitingCount.add(changes.count, ordering: .relaxed)
            queue.take(&changes)
            wake()
            return true
        }
    }

    /// Decides a few changes on the calling thread, if the lane sleeps: two threads need not be
    /// woken for them. Empties `changes` and returns what each came to; nil, and does nothing, when
    /// the lane has work or has stopped.
    package func decideHere(_ changes: inout Submissions) -> Decided? {
        let isLent = locked {
            guard isSleeping, !isBorrowed, !isStopping, isIdle else { return false }
            isBorrowed = true
            return true
        }
        guard isLent else { return nil }
        let (decided, fault) = apply(changes)
        changes.removeAll()
        var refused = Submissions()
        var unseen: [Look] = []
        locked {
            isBorrowed = false
            if case .broken = fault {
                // The lane wakes to nothing: what came meanwhile is refused here.
                isStopping = true
                pings = []
                refused.take(&queue)
                swap(&looks, &unseen)
            }
            if isStopping || !isIdle { wake() }
        }
        if let fault {
            if !refused.isEmpty { deliver(refused.failed(fault)) }
            for look in unseen { look(nil) }
            failed(fault)
        }
        return decided
    }

    /// Has `body` look into the store on the lane, between two batches, once. It must be short, a
    /// millisecond at most: whoever waits for a decision waits for it too. Longer reading takes
    /// several looks, and each finds the store as it is by then.
    package func look(_ body: @escaping Look) -> Bool {
        locked {
            guard !isStopping else { return false }
            looks.append(body)
            wake()
            return true
        }
    }

    /// Calls `body` on the lane once what waits now has been decided: a sign of life.
    package func ping(_ body: @escaping @Sendable () -> Void) -> Bool {
        // A full queue is not a dead one: the ping finds its place all the same.
        locked {
            guard !isStopping else { return false }
            pings.append(body)
            wake()
            return true
        }
    }

    private func takeUpWhatIsDue() {
        locked {
            isDue = true
            wake()
        }
    }

    /// Decides what waits, then ends the thread. Blocks until it has ended; may be called once.
    package func stop() {
        let thread = locked {
            isStopping = true
            wake()
            defer { self.thread = nil }
            return self.thread
        }
        thread?.join()
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Under `mutex`.
    private var isIdle: Bool { queue.isEmpty && pings.isEmpty && looks.isEmpty && !isDue }

    /// Under `mutex`.
    private func wake() {
        guard isSleeping else { return }
        isSleeping = false
        pthread_cond_signal(arrived)
    }

    private func run() {
        while let round = next() {
            if case .broken(let fault) = decideTaken(isDue: round.isDue) {
                round.look?(nil)
                return refuseAllThatWaits(fault)
            }
            for ping in round.pings { ping() }
            round.look?(store)
        }
    }

    /// What is done after the changes that were taken.
    private struct Round {
        let isDue: Bool
        let pings: [@Sendable () -> Void]
        /// One only: changes come first, however many want to look.
        let look: Look?
    }

    /// Waits for changes, and takes all there are; nil when the lane should end.
    private func next() -> Round? {
        locked {
            while isBorrowed || isIdle {
                if isStopping, !isBorrowed { return nil }
                isSleeping = true
                pthread_cond_wait(arrived, mutex)
            }
            isSleeping = false
            taken.take(&queue)
            defer { (isDue, pings) = (false, []) }
            return Round(
                isDue: isDue, pings: pings, look: looks.isEmpty ? nil : looks.removeFirst())
        }
    }

    private enum State {
        case going
        case broken(StoreFault)
    }

    private func decideTaken(isDue: Bool) -> State {
        while let batch = taken.takeBatch(atMost: Self.batchMax) {
            let state = decide(batch)
            if case .broken = state { return state }
        }
        if !taken.isEmpty {
            defer { taken.removeAll() }
            let state = decide(taken)
            if case .broken = state { return state }
        }
        return isDue ? doWhatIsDue() : .going
    }

    private func apply(_ batch: Submissions) -> (Decided, StoreFault?) {
        let began = LaneFigures.now()
        do throws(StoreFault) {
            let results = try store.apply(batch.changes)
            figures.note(batch.count, since: began, nil)
            return (batch.decided(results), nil)
        } catch {
            figures.note(batch.count, since: began, error)
            return (batch.failed(error), error)
        }
    }

    private func decide(_ batch: Submissions) -> State {
        waitingCount.subtract(batch.count, ordering: .relaxed)
        let (decided, fault) = apply(batch)
        deliver(decided)
        return fault.map { state(after: $0) } ?? .going
    }

    /// For itself the store writes down nothing that a request would miss: what finds no room now
    /// is done with a later batch.
    private func doWhatIsDue() -> State {
        do throws(StoreFault) {
            _ = try store.apply([])
            return .going
        } catch {
            return state(after: error)
        }
    }

    private func state(after fault: StoreFault) -> State {
        guard fault.mayPass else { return .broken(fault) }
        failed(fault)
        return .going
    }

    /// After a store has broken nothing more is given to it, not even what came before anyone knew.
    private func refuseAllThatWaits(_ fault: StoreFault) {
        let unseen = locked {
            isStopping = true
            taken.take(&queue)
            defer { looks = [] }
            return looks
        }
        if !taken.isEmpty { deliver(taken.failed(fault)) }
        for look in unseen { look(nil) }
        failed(fault)
    }
}
