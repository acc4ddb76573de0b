// How long events are kept and how much room they may take, and when to look for old events and for
// limits that are over. Age is counted in days that the host has lived through, and looked at
// rarely: a minute more harms nobody. Room is looked at whenever some is taken.

import Accounts
import Store

final class Retention: Sendable {
    private struct Rule {
        let time: Duration
        let bytesMax: Int
        let now: @Sendable () -> Instant
        let uptime: @Sendable () -> Duration
    }

    private struct State {
        var rule: Rule?
        var nextLook = ContinuousClock.now
        var stuckAt: UInt64?
    }

    /// Events are kept for days; a minute more is nothing, and a look a minute costs nothing.
    private static let interval = Swift.Duration.seconds(60)

    private let environment: LMDBEnvironment
    private let tables: Tables
    private let keys: StoreKeys
    private let trim: EventTrim
    private let sweep: LimitSweep
    private let watch: ClockWatch
    /// What the store has of it.
    private let kept: Locked<LivedClock.Moments>
    private let state = Locked(State())
    /// How far time comes until that is kept: a crash loses no more, and is told from nothing that
    /// matters.
    private static let keptEvery = Duration.hours(1)

    init(_ environment: LMDBEnvironment, _ tables: Tables, _ keys: StoreKeys, _ watch: ClockWatch) {
        (self.environment, self.tables, self.keys) = (environment, tables, keys)
        self.watch = watch
        kept = Locked(watch.moments)
        trim = EventTrim(environment: environment, tables: tables, keys: keys)
        sweep = LimitSweep(environment: environment, tables: tables, keys: keys)
    }

    /// - Parameters:
    ///   - bytesMax: what the table of events may take. More than a lap of the log can hold: what a
    ///     fold brings stays until it has ended.
    ///   - now: the clock that events are stamped with.
    ///   - uptime: see `ClockWatch.look`.
    func keep(
        for time: Duration, atMost bytesMax: Int, now: @escaping @Sendable () -> Instant,
        uptime: @escaping @Sendable () -> Duration
    ) {
        let rule = Rule(time: time, bytesMax: bytesMax, now: now, uptime: uptime)
        state.withLock { $0 = State(rule: rule) }
    }

    /// By the clock, as far as that is trusted.
    var now: Instant { watch.moments.expected }

    /// What events may take; nil before anybody has said it.
    var bytesMax: Int? { state.withLock { $0.rule?.bytesMax } }

    /// Makes room in a fold's own transaction, after it has brought so many bytes of events: twice
    /// as much may go as came, so that a bound that was lowered is reached in the end.
    func makeRoom(after bytes: Int, _ transaction: borrowing Transaction) throws {
        guard bytes > 0, let bytesMax else { return }
        try trim.makeRoom(above: bytesMax, atMost: 2 * bytes, transaction)
    }

    /// The event that bars all behind it from being removed, because it cannot be read.
    var stuckAt: UInt64? { state.withLock { $0.stuckAt } }

    /// How long nothing is to be done; nil for ever.
    var rest: Swift.Duration? { state.withLock { $0.rule == nil ? nil : Self.interval } }

    /// Removes some of what is old. Returns whether there may be more.
    func step() throws -> Bool {
        let rule = state.withLock { $0.nextLook <= .now ? $0.rule : nil }
        guard let rule else { return false }
        watch.observe(rule.now(), uptime: rule.uptime())
        try keepMoments(movedBy: Self.keptEvery)
        let settled = watch.settled
        // Before the first moment there is nothing: only what takes too much room goes.
        let old = settled.map { $0 - rule.time } ?? .distantPast
        let now = settled ?? .distantFuture
        switch try trim.step(before: old, at: now, above: rule.bytesMax) {
        case .some: return true
        case .done: state.withLock { $0.stuckAt = nil }
        case .stuck(let sequence): state.withLock { $0.stuckAt = sequence }
        }
        if let settled, try sweep.step(at: settled) { return true }
        state.withLock { $0.nextLook = .now + Self.interval }
        return false
    }

    /// Keeps how far time has come, if it has come so far since.
    func keepMoments(movedBy least: Duration) throws {
        let moments = watch.moments
        guard moments.hasMoved(since: kept.withLock { $0 }, by: least) else { return }
        try environment.write { transaction in
            try Meta.putLived(moments, transaction, tables, keys.seal)
            return ((), isCommitted: true)
        }
        kept.withLock { $0 = moments }
    }
}

extension LivedClock.Moments {
    fileprivate func hasMoved(since old: LivedClock.Moments, by least: Duration) -> Bool {
        [(lived, old.lived), (expected, old.expected)]
            .contains { max($0, $1) - min($0, $1) >= least }
    }
}
