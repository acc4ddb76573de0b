// How long events are kept, and when to look for those that are old, and for limits that are over.
// It must never look often: what is a minute too old harms nobody.

import Accounts
import Store
import Synchronization

final class Retention: Sendable {
    private struct Rule {
        let time: Duration
        let now: @Sendable () -> Instant
    }

    private struct State {
        var rule: Rule?
        var nextLook = ContinuousClock.now
        var stuckAt: UInt64?
    }

    /// Events are kept for days; a minute more is nothing, and a look a minute costs nothing.
    private static let interval = Swift.Duration.seconds(60)

    private let trim: EventTrim
    private let sweep: LimitSweep
    private let state = Mutex(State())

    init(_ trim: EventTrim, _ sweep: LimitSweep) {
        self.trim = trim
        self.sweep = sweep
    }

    /// - Parameter now: the clock that events are stamped with.
    func keep(for time: Duration, now: @escaping @Sendable () -> Instant) {
        state.withLock { $0 = State(rule: Rule(time: time, now: now)) }
    }

    /// The event that bars all behind it from being removed, because it cannot be read.
    var stuckAt: UInt64? { state.withLock { $0.stuckAt } }

    /// How long nothing is to be done; nil for ever.
    var rest: Swift.Duration? { state.withLock { $0.rule == nil ? nil : Self.interval } }

    /// Removes some of what is old. Returns whether there may be more.
    func step() throws -> Bool {
        let rule = state.withLock { $0.nextLook <= .now ? $0.rule : nil }
        guard let rule else { return false }
        switch try trim.step(before: rule.now() - rule.time) {
        case .some: return true
        case .done: state.withLock { $0.stuckAt = nil }
        case .stuck(let sequence): state.withLock { $0.stuckAt = sequence }
        }
        if try sweep.step(at: rule.now()) { return true }
        state.withLock { $0.nextLook = .now + Self.interval }
        return false
    }
}
