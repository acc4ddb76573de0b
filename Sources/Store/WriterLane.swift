// The one thread that writes. It takes every waiting change, has the store decide and keep them in
// one batch, and gives all results back at once: group commit, without timers. It must never give a
// result before the store has kept it.

import Accounts
import Glibc

package final class WriterLane: @unchecked Sendable {
    // Unchecked, because `waiting` and `isStopping` are used only under `mutex`.

    package typealias Completion = @Sendable (Result<ChangeResult, StoreFault>) -> Void

    package struct Decided: Sendable {
        package let completion: Completion
        package let result: Result<ChangeResult, StoreFault>
    }

    private enum Waiting {
        case change(Change, Completion)
        case ping(@Sendable () -> Void)
    }

    /// The most changes in one transaction. Larger batches cost latency and gain nothing: the flush
    /// is shared by then.
    package static let batchMax = 1024
    /// The most changes that may wait: as many as all connections together may have under way.
    package static let waitingMax = 65_536

    private let store: any AccountStore
    private let deliver: @Sendable ([Decided]) -> Void
    private let failed: @Sendable (StoreFault) -> Void

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let arrived: UnsafeMutablePointer<pthread_cond_t>
    private var waiting: [Waiting] = []
    private var isStopping = false
    private var thread: pthread_t?

    /// - Parameters:
    ///   - deliver: gets all results of a batch, on the lane; it should hand them on and return.
    ///   - failed: is told of each batch that the store did not keep, after `deliver` was told. On
    ///     `StoreFault.broken` it should end the process.
    package init(
        store: any AccountStore, deliver: @escaping @Sendable ([Decided]) -> Void,
        failed: @escaping @Sendable (StoreFault) -> Void
    ) {
        self.store = store
        self.deliver = deliver
        self.failed = failed
        mutex = .allocate(capacity: 1)
        arrived = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(arrived, nil)
        waiting.reserveCapacity(Self.batchMax)
        start()
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(arrived)
        mutex.deallocate()
        arrived.deallocate()
    }

    /// Queues a change. Returns false, and does nothing, when too many wait or the lane has
    /// stopped.
    package func submit(_ change: Change, _ completion: @escaping Completion) -> Bool {
        queue(.change(change, completion), waitingMax: Self.waitingMax)
    }

    /// Calls `body` on the lane once what waits now has been decided: a sign of life.
    package func ping(_ body: @escaping @Sendable () -> Void) -> Bool {
        // A full queue is not a dead one: the ping finds its place all the same.
        queue(.ping(body), waitingMax: .max)
    }

    private func queue(_ item: Waiting, waitingMax: Int) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isStopping, waiting.count < waitingMax else { return false }
        waiting.append(item)
        if waiting.count == 1 { pthread_cond_signal(arrived) }
        return true
    }

    /// Decides what waits, then ends the thread. Blocks until it has ended; may be called once.
    package func stop() {
        pthread_mutex_lock(mutex)
        isStopping = true
        pthread_cond_signal(arrived)
        let thread = thread
        self.thread = nil
        pthread_mutex_unlock(mutex)
        if let thread { pthread_join(thread, nil) }
    }

    private func start() {
        var made = pthread_t()
        let lane = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            &made, nil,
            { lane in
                guard let lane else { preconditionFailure("the lane's thread got no lane") }
                Unmanaged<WriterLane>.fromOpaque(lane).takeRetainedValue().run()
                return nil
            }, lane)
        precondition(status == 0, "no thread can be made: pthread_create failed")
        thread = made
    }

    private func run() {
        while let batch = next() {
            var changes: [Change] = []
            var completions: [Completion] = []
            changes.reserveCapacity(batch.count)
            completions.reserveCapacity(batch.count)
            var pings: [@Sendable () -> Void] = []
            for item in batch {
                switch item {
                case .change(let change, let completion):
                    changes.append(change)
                    completions.append(completion)
                case .ping(let body): pings.append(body)
                }
            }
            if !changes.isEmpty, case .broken(let fault) = decide(changes, completions) {
                return refuseAllThatWaits(fault)
            }
            for ping in pings { ping() }
        }
    }

    private enum State {
        case going
        case broken(StoreFault)
    }

    /// After a store has broken nothing more is given to it, not even what came before anyone knew.
    private func refuseAllThatWaits(_ fault: StoreFault) {
        pthread_mutex_lock(mutex)
        isStopping = true
        let refused = waiting
        waiting = []
        pthread_mutex_unlock(mutex)
        let decided = refused.compactMap { item -> Decided? in
            switch item {
            case .change(_, let completion):
                return Decided(completion: completion, result: .failure(fault))
            case .ping: return nil
            }
        }
        if !decided.isEmpty { deliver(decided) }
        failed(fault)
    }

    private func decide(_ changes: [Change], _ completions: [Completion]) -> State {
        let results: [Result<ChangeResult, StoreFault>]
        var fault: StoreFault?
        do throws(StoreFault) {
            results = try store.apply(changes).map { .success($0) }
        } catch {
            fault = error
            results = changes.map { _ in .failure(error) }
        }
        deliver(zip(completions, results).map { Decided(completion: $0, result: $1) })
        switch fault {
        case nil: return .going
        case .full(let cause):
            failed(.full(cause))
            return .going
        case .broken(let cause): return .broken(.broken(cause))
        }
    }

    /// Waits for changes, and takes as many as fit into a batch; nil when the lane should end.
    private func next() -> [Waiting]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting.isEmpty {
            if isStopping { return nil }
            pthread_cond_wait(arrived, mutex)
        }
        if waiting.count <= Self.batchMax {
            let batch = waiting
            waiting = []
            waiting.reserveCapacity(Self.batchMax)
            return batch
        }
        let batch = Array(waiting.prefix(Self.batchMax))
        waiting.removeFirst(Self.batchMax)
        return batch
    }
}
