// The threads for slow work: a few for short work, with a bounded queue, and one for jobs.

import NIOCore
import NIOPosix
import Store

/// Used from its event loop only.
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
