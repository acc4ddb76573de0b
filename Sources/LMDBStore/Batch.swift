// One batch inside one transaction: load, open, decide, seal, put, event. It must write nothing for
// a change that decided nothing.

import Accounts
import Secrets
import Store

struct Batch {
    let tables: Tables
    let seal: RecordSeal
    private(set) var head: EventHead
    private(set) var hasWritten = false

    init(tables: Tables, seal: RecordSeal, head: EventHead) {
        self.tables = tables
        self.seal = seal
        self.head = head
    }

    mutating func apply(
        _ change: Change, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> ChangeResult {
        let key = RecordKey(change.id)
        let stored: Account
        var isUnreadable = false
        switch try load(change, key, transaction) {
        case .success(let account): stored = account
        case .failure(let fault):
            guard change.replacesUnreadable else {
                try append(head.nextUnreadable(for: change), transaction)
                return .unreadable(fault)
            }
            isUnreadable = true
            stored = Reset.replacement(of: change.name, at: change.now)
        }

        let outcome = isUnreadable ? Reset.ofUnreadable(stored) : change.decide(stored)
        if case .needs = outcome.answer { return .decided(outcome) }

        let new = outcome.account
        if isUnreadable || !new.hasSameFactorRecord(as: stored) {
            try putFactor(new, key, transaction)
        }
        if isUnreadable || new.guard != stored.guard
            || new.hasFactorRecord != stored.hasFactorRecord
        {
            try putGuard(new, key, transaction)
        }
        if let event = head.next(for: change, outcome) { try append(event, transaction) }
        return .decided(outcome)
    }

    /// Writes what belongs to the batch as a whole.
    func finish(_ transaction: borrowing Transaction) throws(LMDBFault) {
        if hasWritten { try Meta.putHead(head, transaction, tables, seal) }
    }

    private func load(
        _ change: Change, _ key: RecordKey, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> Result<Account, RecordFault> {
        do {
            var account = Account(change.name)
            let reader = AccountReader(tables: tables, seal: seal)
            try reader.load(into: &account, key, transaction)
            return .success(account)
        } catch let fault as RecordFault {
            return .failure(fault)
        } catch let fault as LMDBFault {
            throw fault
        } catch {
            preconditionFailure("loading throws record and engine faults, not \(type(of: error))")
        }
    }

    private mutating func putFactor(
        _ account: Account, _ key: RecordKey, _ transaction: borrowing Transaction
    ) throws(LMDBFault) {
        hasWritten = true
        guard account.hasFactorRecord else {
            return try key.withBytes { key throws(LMDBFault) in
                try transaction.delete(tables.factors, key)
            }
        }
        var plain = AccountRecord.encodeFactor(account)
        defer { plain.wipe() }
        try put(plain.bytes, AccountRecord.version, .factors, tables.factors, key, transaction)
    }

    private mutating func putGuard(
        _ account: Account, _ key: RecordKey, _ transaction: borrowing Transaction
    ) throws(LMDBFault) {
        hasWritten = true
        guard let plain = AccountRecord.encodeGuard(account) else {
            return try key.withBytes { key throws(LMDBFault) in
                try transaction.delete(tables.guards, key)
            }
        }
        try put(plain.bytes, AccountRecord.version, .guards, tables.guards, key, transaction)
    }

    private func put(
        _ plain: [UInt8], _ version: UInt8, _ table: Table, _ database: Database,
        _ key: RecordKey, _ transaction: borrowing Transaction
    ) throws(LMDBFault) {
        try key.withBytes { key throws(LMDBFault) in
            let sealed = plain.withUnsafeBytes { plain in
                seal.seal(plain, version: version, in: table, at: key)
            }
            try sealed.withBytes { sealed throws(LMDBFault) in
                try transaction.put(database, key, sealed)
            }
        }
    }

    private mutating func append(
        _ event: Event, _ transaction: borrowing Transaction
    ) throws(LMDBFault) {
        hasWritten = true
        let plain = EventRecord.encode(event).bytes
        try withUnsafeBytes(of: event.sequence.bigEndian) { key throws(LMDBFault) in
            let sealed = plain.withUnsafeBytes { plain in
                seal.seal(plain, version: EventRecord.version, in: .events, at: key)
            }
            try sealed.withBytes { sealed throws(LMDBFault) in
                try transaction.append(tables.events, key, sealed)
            }
        }
        plain.withUnsafeBytes { head.advance(past: $0) }
    }
}

extension Account {
    fileprivate func hasSameFactorRecord(as other: Account) -> Bool {
        factor == other.factor && pending == other.pending && backupCodes == other.backupCodes
    }
}

/// An account's key as LMDB takes it: 16 bytes, so that they sort as the numbers do.
struct RecordKey {
    private let high: UInt64
    private let low: UInt64

    init(_ id: AccountID) {
        high = id.high.bigEndian
        low = id.low.bigEndian
    }

    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(of: (high, low)) { bytes throws(Failure) in try body(bytes) }
    }
}
