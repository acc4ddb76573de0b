// Where work goes that must not be done on the event loop: changes to the writer lane, slow hashes
// to a small pool. Behind protocols, so that a test can do both at once and in order.

import Accounts
import NIOCore
import NIOPosix
import Store

package protocol ChangeQueue: Sendable {
    /// Queues a change; false when it cannot be taken, and `completion` is then not called.
    func submit(_ change: Change, _ completion: @escaping WriterLane.Completion) -> Bool
}

extension WriterLane: ChangeQueue {}

package protocol SlowWork: Sendable {
    /// Does `work` elsewhere, then `completion` where it was asked; false when too much waits.
    func submit<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool
}

/// Does everything at once, where it stands: for tests of what is decided, not of when.
package struct Immediately: ChangeQueue, SlowWork {
    private let store: any AccountStore

    package init(store: any AccountStore) { self.store = store }

    package func submit(
        _ change: Change, _ completion: @escaping WriterLane.Completion
    ) -> Bool {
        do throws(StoreFault) {
            for result in try store.apply([change]) {
                switch result {
                case .decided(let outcome): completion(.decided(outcome.answer, outcome.alert))
                case .unreadable(let fault): completion(.unreadable(fault))
                }
            }
        } catch {
            completion(.failed(error))
        }
        return true
    }

    package func submit<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool {
        completion(work())
        return true
    }
}

/// A few threads and a bounded queue. Used from its event loop only.
final class SlowPool: SlowWork, @unchecked Sendable {
    // Unchecked, because `waiting` is used on `loop` alone, which every entry checks.
    private let loop: any EventLoop
    private let threads: NIOThreadPool
    private var waiting = 0
    private var whenIdle: [EventLoopPromise<Void>] = []

    init(loop: any EventLoop) {
        self.loop = loop
        threads = NIOThreadPool(numberOfThreads: ServerPolicy.slowThreads)
        threads.start()
    }

    /// Succeeds once no work is under way: a process must not end under a hash that runs.
    func idle() -> EventLoopFuture<Void> {
        loop.flatSubmit {
            let promise = self.loop.makePromise(of: Void.self)
            self.whenIdle.append(promise)
            self.announceIfIdle()
            return promise.futureResult
        }
    }

    private func announceIfIdle() {
        guard waiting == 0 else { return }
        let promises = whenIdle
        whenIdle = []
        for promise in promises { promise.succeed(()) }
    }

    func submit<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool {
        loop.preconditionInEventLoop()
        guard waiting < ServerPolicy.slowWaitingMax else { return false }
        waiting += 1
        threads.submit { state in
            guard state == .active else { return }
            let result = work()
            self.loop.execute {
                self.waiting -= 1
                completion(result)
                self.announceIfIdle()
            }
        }
        return true
    }
}
