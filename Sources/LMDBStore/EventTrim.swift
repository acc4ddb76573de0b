// Removes events that were kept long enough, from the oldest on, and notes in the same transaction
// where the chain begins from then on. It must never remove what a fold may still compare with, nor
// one that it cannot read: that is for somebody to look at.

import Accounts
import CLMDB
import Secrets
import Store

struct EventTrim: Sendable {
    /// Blocks of up to 16 KiB that one transaction removes. A fold waits that long.
    static let blocksPerStep = 64

    let environment: Environment
    let tables: Tables
    let keys: StoreKeys

    /// Removes some of the events from before `moment`. Returns whether there may be more.
    ///
    /// A block goes when all of its events are old, so that a clock that was wrong for a while
    /// takes nothing along.
    func step(before moment: Instant) throws -> Bool {
        guard let old = try environment.read({ try find(before: moment, $0) }) else { return false }
        return try environment.write { transaction in
            let seal = keys.seal
            guard try Meta.tail(transaction, tables, seal) == old.after else {
                return (true, isCommitted: false)
            }
            for key in old.keys {
                try key.withBytes { try transaction.delete(tables.events, $0) }
            }
            try Meta.putTail(old.tail, transaction, tables, seal)
            return (old.keys.count == Self.blocksPerStep, isCommitted: true)
        }
    }

    private struct Old {
        /// Where the chain begins now.
        let after: EventHead
        var keys: [[UInt8]] = []
        /// Where it will begin.
        var tail: EventHead
    }

    private func find(
        before moment: Instant, _ transaction: borrowing Transaction
    ) throws -> Old? {
        let seal = keys.seal
        guard let head = try Meta.head(transaction, tables, seal),
            let tail = try Meta.tail(transaction, tables, seal)
        else { throw OpeningRefusal.canary }
        var old = Old(after: tail, tail: tail)
        try RecordCursor.leastKey.withUnsafeBytes { start in
            try transaction.scan(tables.events, from: start, .forward) { key, sealed in
                guard old.keys.count < Self.blocksPerStep,
                    let next = next(key, sealed, seal, after: old.tail, before: moment),
                    // What is behind the head is a fold's that was stopped: it is done again.
                    next.sequence <= head.sequence
                else { return false }
                old.keys.append(Array(key))
                old.tail = next
                return true
            }
        }
        return old.keys.isEmpty ? nil : old
    }

    /// Where the chain begins without this block; nil when the block stays.
    private func next(
        _ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer, _ seal: RecordSeal,
        after tail: EventHead, before moment: Instant
    ) -> EventHead? {
        let version = RecordSeal.version(of: sealed)
        do throws(RecordFault) {
            return try seal.withOpened(sealed, version: version, in: .events, at: key) {
                plain throws(RecordFault) in
                let block = try EventRecord.decode(plain, version: version)
                guard block.previous == tail.hash, let last = block.events.last,
                    block.events.allSatisfy({ $0.at < moment })
                else { return nil }
                return EventHead(sequence: last.sequence, hash: SHA256.hash(plain))
            }
        } catch {
            return nil
        }
    }
}
