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

    enum Step: Equatable {
        /// There may be more.
        case some
        case done
        /// This block does not open, or is not of the chain: it stays, and all behind it.
        case stuck(at: UInt64)
    }

    /// Removes some of the events from before `moment`.
    ///
    /// A block goes when all of its events are old, so that a clock that was wrong for a while
    /// takes nothing along.
    func step(before moment: Instant) throws -> Step {
        let old = try environment.read { try find(before: moment, $0) }
        guard !old.keys.isEmpty else { return old.stuckAt.map { .stuck(at: $0) } ?? .done }
        return try environment.write { transaction in
            let seal = keys.seal
            guard try Meta.tail(transaction, tables, seal) == old.after else {
                return (.some, isCommitted: false)
            }
            for key in old.keys {
                try key.withBytes { try transaction.delete(tables.events, $0) }
            }
            try Meta.putTail(old.tail, transaction, tables, seal)
            let isAll = old.keys.count < Self.blocksPerStep && old.stuckAt == nil
            return (isAll ? .done : .some, isCommitted: true)
        }
    }

    private struct Old {
        /// Where the chain begins now.
        let after: EventHead
        var keys: [[UInt8]] = []
        /// Where it will begin.
        var tail: EventHead
        /// The first block that cannot go although it may be old.
        var stuckAt: UInt64?
    }

    private enum Block {
        /// Where the chain begins without it.
        case old(EventHead)
        case young
        case unreadable
    }

    private func find(
        before moment: Instant, _ transaction: borrowing Transaction
    ) throws -> Old {
        let seal = keys.seal
        guard let head = try Meta.head(transaction, tables, seal),
            let tail = try Meta.tail(transaction, tables, seal)
        else { throw OpeningRefusal.canary }
        var old = Old(after: tail, tail: tail)
        try RecordCursor.leastKey.withUnsafeBytes { start in
            try transaction.scan(tables.events, from: start, .forward) { key, sealed in
                guard old.keys.count < Self.blocksPerStep else { return false }
                switch block(key, sealed, seal, after: old.tail, before: moment) {
                // What is behind the head is a fold's that was stopped: it is done again.
                case .old(let next) where next.sequence <= head.sequence:
                    old.keys.append(Array(key))
                    old.tail = next
                    return true
                case .old, .young: break
                case .unreadable: old.stuckAt = EventPlaces.sequence(key)
                }
                return false
            }
        }
        return old
    }

    private func block(
        _ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer, _ seal: RecordSeal,
        after tail: EventHead, before moment: Instant
    ) -> Block {
        let version = RecordSeal.version(of: sealed)
        do throws(RecordFault) {
            return try seal.withOpened(sealed, version: version, in: .events, at: key) {
                plain throws(RecordFault) in
                let block = try EventRecord.decode(plain, version: version)
                guard block.previous == tail.hash, let last = block.events.last else {
                    return .unreadable
                }
                guard block.events.allSatisfy({ $0.at < moment }) else { return .young }
                return .old(EventHead(sequence: last.sequence, hash: SHA256.hash(plain)))
            }
        } catch {
            return .unreadable
        }
    }
}
