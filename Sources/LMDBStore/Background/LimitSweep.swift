// Removes buckets of limits whose counts are all over, since nobody may ask for their keys again. A
// bucket that it cannot read stays: somebody has to look at it.
//
// A bucket that is over says the same as none, so nothing is lost whatever the log has of it.

import Accounts
import CLMDB
import Store

final class LimitSweep: Sendable {
    /// Buckets that one step looks at, some microseconds each, and how many of them it removes: a
    /// fold waits that long.
    static let looksPerStep = 1024
    static let removedPerStep = 256
    /// How long a bucket must have been over: a clock that was ahead for less forgets nothing.
    static let delay = Duration.hours(1)

    private let environment: LMDBEnvironment
    private let tables: Tables
    private let keys: StoreKeys
    /// The least key that this pass has not looked at.
    private let cursor = Locked(RecordCursor.leastKey)

    init(environment: LMDBEnvironment, tables: Tables, keys: StoreKeys) {
        (self.environment, self.tables, self.keys) = (environment, tables, keys)
    }

    /// Removes some. Returns whether there is more to look at; if not, the next step begins anew.
    func step(at now: Instant) throws -> Bool {
        let start = cursor.withLock { $0 }
        let moment = now - Self.delay
        let found = try environment.read { try find(from: start, overAt: moment, $0) }
        if !found.keys.isEmpty { try remove(found.keys, overAt: moment) }
        cursor.withLock { $0 = found.next ?? RecordCursor.leastKey }
        return found.next != nil
    }

    /// Removes what is over by now: a fold may have put a newer one in the place of what was found.
    func remove(_ keys: [[UInt8]], overAt moment: Instant) throws {
        try environment.write { transaction in
            for key in keys {
                try key.withBytes { key in
                    guard let sealed = try transaction.find(tables.limits, key),
                        isOver(sealed, key, at: moment, transaction)
                    else { return }
                    try transaction.delete(tables.limits, key)
                }
            }
            return ((), isCommitted: true)
        }
    }

    private struct Found {
        var keys: [[UInt8]] = []
        /// Nil behind the last.
        var next: [UInt8]?
    }

    private func find(
        from start: [UInt8], overAt moment: Instant, _ transaction: borrowing Transaction
    ) throws -> Found {
        var found = Found()
        var looks = 0
        try start.withBytes { start in
            try transaction.scan(tables.limits, from: start, .forward) { key, sealed in
                guard looks < Self.looksPerStep, found.keys.count < Self.removedPerStep else {
                    found.next = Array(key)
                    return false
                }
                looks += 1
                if isOver(sealed, key, at: moment, transaction) { found.keys.append(Array(key)) }
                return true
            }
        }
        return found
    }

    private func isOver(
        _ sealed: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer, at moment: Instant,
        _ transaction: borrowing Transaction
    ) -> Bool {
        do throws(RecordFault) {
            return try keys.seal.openBucket(sealed, at: key).isOver(at: moment)
        } catch {
            transaction.trees.damage.note(error, at: key, in: .limits)
            return false
        }
    }
}
