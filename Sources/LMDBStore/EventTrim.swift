// Removes events that were kept long enough or take more room than they may, from the oldest on,
// and notes in the same transaction where the chain begins from then on. It must never remove what
// a fold may still compare with, nor one that it cannot read: that is for somebody to look at.

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

    /// Removes some of the events from before `moment`, and of those above `bytesMax`.
    ///
    /// A block goes when all of its events are old, so that a clock that was wrong for a while
    /// takes nothing along.
    func step(before moment: Instant, above bytesMax: Int = .max) throws -> Step {
        let old = try environment.read { transaction in
            let excess = try excess(above: bytesMax, transaction)
            return try find(before: moment, bytes: excess, Self.blocksPerStep, transaction)
        }
        guard !old.keys.isEmpty else { return old.stuckAt.map { .stuck(at: $0) } ?? .done }
        return try environment.write { transaction in
            guard try Meta.tail(transaction, tables, keys.seal) == old.after else {
                return (.some, isCommitted: false)
            }
            try remove(old, transaction)
            let isAll = old.keys.count < Self.blocksPerStep && old.stuckAt == nil
            return (isAll ? .done : .some, isCommitted: true)
        }
    }

    /// Removes events above `bytesMax` in the transaction that brings others, so that they never
    /// take more: some `bytes` of them at most.
    func makeRoom(
        above bytesMax: Int, atMost bytes: Int, _ transaction: borrowing Transaction
    ) throws {
        let excess = try min(excess(above: bytesMax, transaction), bytes)
        guard excess > 0 else { return }
        try remove(
            find(before: .distantPast, bytes: excess, .max, transaction), transaction)
    }

    private func excess(
        above bytesMax: Int, _ transaction: borrowing Transaction
    ) throws -> Int {
        try max(0, transaction.bytes(of: tables.events) - bytesMax)
    }

    private func remove(_ old: Old, _ transaction: borrowing Transaction) throws {
        guard !old.keys.isEmpty else { return }
        for key in old.keys {
            try key.withBytes { try transaction.delete(tables.events, $0) }
        }
        try Meta.putTail(old.tail, transaction, tables, keys.seal)
    }

    private struct Old {
        /// Where the chain begins now.
        let after: EventHead
        var keys: [[UInt8]] = []
        /// What they take, less than the pages they lie on.
        var bytes = 0
        /// Where it will begin.
        var tail: EventHead
        /// The first block that cannot go although it may be old.
        var stuckAt: UInt64?
    }

    private enum Block {
        /// Where the chain begins without it.
        case old(EventHead)
        /// The same, for one that goes only to make room.
        case young(EventHead)
        case unreadable
    }

    /// - Parameter bytes: of young ones that go all the same.
    private func find(
        before moment: Instant, bytes: Int, _ blocksMax: Int, _ transaction: borrowing Transaction
    ) throws -> Old {
        let seal = keys.seal
        guard let head = try Meta.head(transaction, tables, seal),
            let tail = try Meta.tail(transaction, tables, seal)
        else { throw OpeningRefusal.canary }
        var old = Old(after: tail, tail: tail)
        try RecordCursor.leastKey.withUnsafeBytes { start in
            try transaction.scan(tables.events, from: start, .forward) { key, sealed in
                guard old.keys.count < blocksMax else { return false }
                let next: EventHead
                switch block(key, sealed, seal, after: old.tail, before: moment) {
                case .old(let head): next = head
                case .young(let head) where old.bytes < bytes: next = head
                case .young: return false
                case .unreadable:
                    old.stuckAt = EventPlaces.sequence(key)
                    return false
                }
                // What is behind the head is a fold's that was stopped: it is done again.
                guard next.sequence <= head.sequence else { return false }
                old.keys.append(Array(key))
                old.bytes += sealed.count
                old.tail = next
                return true
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
                let next = EventHead(sequence: last.sequence, hash: SHA256.hash(plain))
                return block.events.allSatisfy { $0.at < moment } ? .old(next) : .young(next)
            }
        } catch {
            return .unreadable
        }
    }
}
