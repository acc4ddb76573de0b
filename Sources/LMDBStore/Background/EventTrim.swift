// Removes the oldest events when they are too old or take too much room. The same transaction notes
// where the chain begins from then on. It stops at an event that a fold may still compare with, and
// at one that it cannot read: somebody has to look at that one.

import Accounts
import CLMDB
import Secrets
import Store

struct EventTrim: Sendable {
    /// Blocks of up to 16 KiB that one transaction removes. A fold waits that long.
    static let blocksPerStep = 64

    let environment: LMDBEnvironment
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
    /// takes nothing along. Events that lie ahead of `now` were written under a clock that was
    /// ahead: they go with the next that does not, or they would bar all behind them for years.
    func step(
        before moment: Instant, at now: Instant = .distantFuture, above bytesMax: Int = .max
    ) throws -> Step {
        let old = try environment.read { transaction in
            let excess = try excess(above: bytesMax, transaction)
            return try find(
                before: moment, at: now, bytes: excess, Self.blocksPerStep, transaction)
        }
        guard !old.keys.isEmpty else { return old.stuckAt.map { .stuck(at: $0) } ?? .done }
        return try environment.write { transaction in
            guard try Meta.tail(transaction, tables, keys.seal) == old.after else {
                return (.some, isCommitted: false)
            }
            try prepare(old, transaction)
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
        let old: Old
        do {
            old = try find(
                before: .distantPast, at: .distantFuture, bytes: excess, .max, transaction)
            try prepare(old, transaction)
        } catch let fault as LMDBFault {
            // What is damaged stays, and so does what is behind it: nothing was changed yet.
            guard fault.damage != nil else { throw fault }
            return transaction.trees.damage.note(fault)
        }
        try remove(old, transaction)
    }

    private func excess(
        above bytesMax: Int, _ transaction: borrowing Transaction
    ) throws -> Int {
        try max(0, transaction.bytes(of: tables.events) - bytesMax)
    }

    /// So that a damaged page is met before anything is changed.
    private func prepare(_ old: Old, _ transaction: borrowing Transaction) throws {
        for key in old.keys {
            try key.withBytes { try transaction.prepareDeletion(tables.events, $0) }
        }
    }

    private func remove(_ old: Old, _ transaction: borrowing Transaction) throws {
        guard !old.keys.isEmpty else { return }
        for key in old.keys {
            try key.withBytes { try transaction.deletePrepared(tables.events, $0) }
        }
        try Meta.putTail(old.tail, transaction, tables, keys.seal)
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

    /// A block, and where the chain begins without it and all before it.
    private struct Found {
        let key: [UInt8]
        let head: EventHead
    }

    private enum Block {
        case old(EventHead)
        /// One that goes only to make room.
        case young(EventHead)
        /// One whose events all lie ahead of the clock.
        case ahead(EventHead)
        case unreadable
    }

    /// Blocks ahead of the clock that are looked through for one that is not, about 20 ms: as many
    /// as a busy host writes in a minute.
    private static let aheadMax = 4096

    /// - Parameter bytes: of young ones that go all the same; less than the pages they lie on.
    private func find(
        before moment: Instant, at now: Instant, bytes: Int, _ blocksMax: Int,
        _ transaction: borrowing Transaction
    ) throws -> Old {
        let seal = keys.seal
        guard let head = try Meta.head(transaction, tables, seal),
            let tail = try Meta.tail(transaction, tables, seal)
        else { throw OpeningRefusal.canary }
        var old = Old(after: tail, tail: tail)
        var run: [Found] = []
        // Of the run: those behind the last that is old lie ahead.
        var (oldCount, runBytes) = (0, 0)
        var isDamaged = false
        try RecordCursor.leastKey.withUnsafeBytes { start in
            try transaction.scan(
                tables.events, from: start, .forward, damage: { _ in isDamaged = true }
            ) { key, sealed in
                guard !isDamaged, oldCount < blocksMax, run.count - oldCount < Self.aheadMax else {
                    return false
                }
                let next: EventHead
                let isAhead: Bool
                let previous = run.last?.head ?? tail
                switch block(key, sealed, seal, after: previous, before: moment, at: now) {
                case .old(let head): (next, isAhead) = (head, false)
                case .young(let head) where runBytes < bytes: (next, isAhead) = (head, false)
                case .ahead(let head): (next, isAhead) = (head, runBytes >= bytes)
                case .young: return false
                case .unreadable:
                    transaction.trees.damage.note(at: key, in: .events)
                    // Behind some that lie ahead, it is not yet its turn.
                    if oldCount == run.count { old.stuckAt = LoggedEvents.sequence(key) }
                    return false
                }
                // What is behind the head is a fold's that was stopped: it is done again.
                guard next.sequence <= head.sequence else { return false }
                run.append(Found(key: Array(key), head: next))
                runBytes += sealed.count
                if !isAhead { oldCount = run.count }
                return true
            }
        }
        // Nobody knows which events a damaged page has. Behind some that lie ahead, it is not yet
        // its turn.
        if isDamaged, oldCount == run.count { old.stuckAt = (run.last?.head ?? tail).sequence + 1 }
        let going = run.prefix(min(oldCount, blocksMax))
        old.keys = going.map(\.key)
        old.tail = going.last?.head ?? tail
        return old
    }

    private func block(
        _ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer, _ seal: RecordSeal,
        after tail: EventHead, before moment: Instant, at now: Instant
    ) -> Block {
        let version = RecordSeal.version(of: sealed)
        do throws(RecordFault) {
            return try seal.withOpened(sealed, version: version, in: .events, at: key) {
                plain throws(RecordFault) in
                let block = try EventRecord.decode(plain, version: version)
                guard block.continues(tail) else { return .unreadable }
                let next = block.head(of: plain)
                let events = block.events.filter { $0.at <= now }
                guard !events.isEmpty else { return .ahead(next) }
                return events.allSatisfy { $0.at < moment } ? .old(next) : .young(next)
            }
        } catch {
            return .unreadable
        }
    }
}
