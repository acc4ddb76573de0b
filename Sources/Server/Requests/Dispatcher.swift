// From a request to a reply: each kind of request has an extension that answers it, or asks the
// queue for a decision. Nothing about an account is decided here.

import Accounts
import Store
import Synchronization
import Wire

package final class Dispatcher: Sendable {
    /// Gets the reply of a request, once.
    package typealias ReplyHandler = @Sendable (Reply) -> Void

    let version: String
    let store: any AccountStore
    let configuration: LiveConfiguration
    let queue: any ChangeQueue
    let slowWork: any SlowWork
    let clock: @Sendable () -> Instant
    /// Gets a sentence about an account's records that cannot be used.
    let warn: @Sendable (String) -> Void
    /// What the event loop counts; called there.
    let loopFigures: @Sendable () -> LoopFigures
    let hostClock: @Sendable () -> HostClock
    let startedAt: Instant
    let statistics = RequestStatistics()
    let abandoned = AbandonedSweep()
    let limitKeys = LimitKeyCount()
    let standing = StandingReasons()
    /// Whose change of record keys is under way, if it began since the start.
    let rotationTask = Mutex<AdminTask?>(nil)
    /// Gets what an admin did, and every alert; called on the event loop, so it must not wait.
    let note: @Sendable (AdminNotice) -> Void

    package init(
        version: String, store: any AccountStore,
        configuration: LiveConfiguration = LiveConfiguration(), queue: any ChangeQueue,
        slowWork: any SlowWork,
        clock: @escaping @Sendable () -> Instant, warn: @escaping @Sendable (String) -> Void,
        note: @escaping @Sendable (AdminNotice) -> Void = { _ in },
        loopFigures: @escaping @Sendable () -> LoopFigures = { LoopFigures() },
        hostClock: @escaping @Sendable () -> HostClock = HostClock.look
    ) {
        self.version = version
        self.store = store
        self.configuration = configuration
        self.queue = queue
        self.slowWork = slowWork
        self.clock = clock
        self.warn = warn
        self.note = note
        self.loopFigures = loopFigures
        self.hostClock = hostClock
        startedAt = clock()
    }

    /// Calls `answer` exactly once, now or later.
    package func dispatch(
        _ request: Request, from caller: Caller, _ peer: Peer, _ answer: @escaping ReplyHandler
    ) {
        switch request.body {
        case .hello:
            answer(
                .hello(
                    Hello(
                        version: version, caller: caller, pipelineMax: ServerPolicy.pipelineMax,
                        configuredApps: configuration.now.knownApps)))
        case .account(let name, let asked):
            account(name, asked, request, from: caller, peer, answer)
        case .admin(let asked):
            dispatch(AdminTask(asked, request.operation, peer), answer)
        case .limit(let app, let request): limit(request, for: app, of: caller.party, answer)
        }
    }
}

extension Refusal {
    static let busy = Refusal(.busy, detail: "too much is waiting")
}
