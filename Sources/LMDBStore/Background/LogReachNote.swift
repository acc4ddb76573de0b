// Tells LMDB once a minute how far the log has come; see `LogReach`, which decides when.

import Store

final class LogReachNote: Sendable {
    private let environment: LMDBEnvironment
    private let tables: Tables
    private let keys: StoreKeys
    /// Has the lane look.
    private let ask: @Sendable () -> Void
    private let reach = Locked(LogReach(at: .now))

    init(
        _ environment: LMDBEnvironment, _ tables: Tables, _ keys: StoreKeys,
        ask: @escaping @Sendable () -> Void
    ) {
        (self.environment, self.tables, self.keys) = (environment, tables, keys)
        self.ask = ask
    }

    /// For the lane: see `LogReach.saw`.
    func saw(_ last: LogFrameID, flushed: UInt64) {
        reach.withLock { $0.saw(last, flushed: flushed) }
    }

    /// Does what is due. Returns how long nothing is.
    func step(at now: ContinuousClock.Instant) throws -> Duration {
        switch reach.withLock({ $0.step(at: now) }) {
        case .rest(let time): return time
        case .ask: ask()
        case .note(let frame): try note(frame)
        }
        return LogReach.patience
    }

    private func note(_ frame: LogFrameID) throws {
        try environment.write { transaction in
            let seal = keys.seal
            guard let mark = try Meta.mark(transaction, tables, seal) else {
                throw OpeningRefusal.canary
            }
            // A fold may have told of a newer one.
            guard frame.sequence > mark.reached.sequence else { return ((), isCommitted: false) }
            try Meta.putMark(
                LogMark(folded: mark.folded, reached: frame), transaction, tables, seal)
            return ((), isCommitted: true)
        }
    }
}
