// How long events are kept and how much room they may take, and when to look for those that are
// old, and for limits that are over. It must never look often for these: what is a minute too old
// harms nobody. Room is made whenever it is taken.

import Accounts
import Store

final class Retention: Sendable {
    private struct Rule {
        let time: Duration
        let bytesMax: Int
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
    private let state = Locked(State())

    init(_ environment: Environment, _ tables: Tables, _ keys: StoreKeys) {
        trim = EventTrim(environment: environment, tables: tables, keys: keys)
        sweep = LimitSweep(environment: environment, tables: tables, keys: keys)
    }

    /// - Parameters:
    ///   - bytesMax: what the table of events may take. More than a lap of the log can hold: what a
    ///     fold brings stays until it has ended.
    ///   - now: the clock that events are stamped with.
    func keep(
        for time: Duration, atMost bytesMax: Int, now: @escaping @Sendable () -> Instant
    ) {
        state.withLock { $0 = State(rule: Rule(time: time, bytesMax: bytesMax, now: now)) }
    }

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
        switch try trim.step(before: rule.now() - rule.time, above: rule.bytesMax) {
        case .some: return true
        case .done: state.withLock { $0.stuckAt = nil }
        case .stuck(let sequence): state.withLock { $0.stuckAt = sequence }
        }
        if try sweep.step(at: rule.now()) { return true }
        state.withLock { $0.nextLook = .now + Self.interval }
        return false
    }
}
