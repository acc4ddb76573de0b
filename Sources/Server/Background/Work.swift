// Where work goes that must not be done on the event loop: changes and looks to the writer lane,
// slow hashes to a small pool, long jobs to a thread of their own. Behind protocols, so that a test
// can do all at once and in order.

import Accounts
import NIOCore
import NIOPosix
import Store

package protocol ChangeQueue: Sendable {
    /// Queues a change; false when it cannot be taken, and nobody is then told anything.
    func submit(_ submission: Submission) -> Bool

    /// Has `body` look into the store between two batches, then `completion` told, where it was
    /// asked, of what it found: nil when nothing can be read any more. False when no look can be
    /// taken, and neither is then called.
    func look<Found: Sendable>(
        _ body: @escaping @Sendable (any AccountStore) -> Found,
        _ completion: @escaping @Sendable (Found?) -> Void
    ) -> Bool

    /// What the lane and the store say of themselves, told where it was asked, and in any case
    /// within `ServerPolicy.surveyTime`.
    func survey(_ completion: @escaping @Sendable (StoreReportOutcome) -> Void)
}

package protocol SlowWork: Sendable {
    /// Does `work` elsewhere, then `completion` where it was asked; false when too much waits.
    func submit<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool

    /// Does a job of any length on a thread of its own, one after the other; false when one of this
    /// name is under way.
    func begin<Result: Sendable>(
        _ name: String, _ work: @escaping @Sendable (Job) -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool
}

/// Does everything at once, where it stands: for tests of what is decided, not of when.
package struct Immediately: ChangeQueue, SlowWork {
    private let store: any AccountStore

    package init(store: any AccountStore) { self.store = store }

    package func submit(_ submission: Submission) -> Bool {
        do throws(StoreFault) {
            for result in try store.apply([submission.change]) { submission.tell(result) }
        } catch {
            submission.fail(error)
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

    package func look<Found: Sendable>(
        _ body: @escaping @Sendable (any AccountStore) -> Found,
        _ completion: @escaping @Sendable (Found?) -> Void
    ) -> Bool {
        completion(body(store))
        return true
    }

    package func survey(_ completion: @escaping @Sendable (StoreReportOutcome) -> Void) {
        do throws(StoreFault) {
            let figures = try store.figures()
            completion(.found(StoreReport(LaneFigures(), figures, askedAt: LaneFigures.now())))
        } catch {
            completion(.failed(error))
        }
    }

    package func begin<Result: Sendable>(
        _ name: String, _ work: @escaping @Sendable (Job) -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool {
        completion(work(Job(name)))
        return true
    }
}

/// A few threads and a bounded queue. Used from its event loop only.
final class SlowPool: SlowWork, @unchecked Sendable {
    // Unchecked, because `waiting` is used on `loop` alone, which every entry checks.
    private let loop: any EventLoop
    private let threads: NIOThreadPool
    /// Started with the first job: most processes never have one.
    private lazy var jobThread: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        return pool
    }()
    let jobs: Jobs
    private var waiting = 0
    private var jobsWaiting = 0
    private var whenIdle: [EventLoopPromise<Void>] = []

    init(loop: any EventLoop, jobs: Jobs) {
        self.loop = loop
        self.jobs = jobs
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
        guard waiting == 0, jobsWaiting == 0 else { return }
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

    func begin<Result: Sendable>(
        _ name: String, _ work: @escaping @Sendable (Job) -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool {
        loop.preconditionInEventLoop()
        guard let job = jobs.begin(name) else { return false }
        jobsWaiting += 1
        jobThread.submit { state in
            guard state == .active else { return }
            let result = work(job)
            self.jobs.end(job)
            self.loop.execute {
                self.jobsWaiting -= 1
                completion(result)
                self.announceIfIdle()
            }
        }
        return true
    }
}
