// How many accounts each app has, as LMDB and the log hold it, and how to count the accounts
// themselves.

import Accounts
import Secrets
import Store

struct AccountCountTable {
    let tables: Tables
    let seal: RecordSeal
    /// What is newer than LMDB, in its order.
    let laps: [LogLap]

    /// What the records say; nil when one does not open, or there are more or fewer accounts.
    func read(_ transaction: borrowing Transaction) throws -> AccountCounts? {
        var counts = AccountCounts()
        do {
            try forEachRecord(transaction) { key, sealed throws(RecordFault) in
                let app = try open(sealed, key)
                counts[app.name] = app.accounts
            }
        } catch is RecordFault {
            return nil
        }
        return try counts.sum == factorCount(transaction) ? counts : nil
    }

    /// Visits the record of each app.
    func forEachRecord(
        _ transaction: borrowing Transaction,
        _ body: (_ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try LogOverlay(laps, over: .apps).forEach(
            tables.apps, transaction, damage: { _ in throw RecordFault.malformed }, body)
    }

    func open(
        _ sealed: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> AccountCount {
        let app = try seal.withOpened(
            sealed, version: AccountCountRecord.version, in: .apps, at: key
        ) {
            plain throws(RecordFault) in
            try AccountCountRecord.decode(plain)
        }
        guard RecordID(app: app.name, indexKey: seal.keys.preparedIndex) == RecordID(key) else {
            throw .malformed
        }
        return app
    }

    /// How many accounts have a factor record, whether it opens or not.
    private func factorCount(_ transaction: borrowing Transaction) throws -> Int {
        var count = try transaction.count(tables.factors)
        for (index, lap) in laps.enumerated() {
            try lap.newest.accounts.forEach { id, places in
                let isNewer = laps[(index + 1)...].contains {
                    $0.newest.accounts[id].factor.isSomewhere
                }
                guard places.factor.isSomewhere, !isNewer else { return }
                let isThere = places.factor.record(in: lap.bytes) != nil
                let isInTable = try RecordKey(id).withBytes { key in
                    do throws(LMDBFault) {
                        return try transaction.find(tables.factors, key) != nil
                    } catch {
                        guard error.damage != nil else { throw error }
                        // The table counts all that were there.
                        return true
                    }
                }
                count += (isThere ? 1 : 0) - (isInTable ? 1 : 0)
            }
        }
        return count
    }

    // MARK: Counting

    /// Opens every factor record, and counts those that do not open apart: of which app they are is
    /// not known.
    func count(_ transaction: borrowing Transaction) throws -> (AccountCounts, unreadable: Int) {
        var counts = AccountCounts()
        var unreadable = 0
        var isDamaged = false
        try LogOverlay(laps, over: .factors).forEach(
            tables.factors, transaction, damage: { _ in isDamaged = true }
        ) { key, sealed in
            do throws(RecordFault) {
                counts[try AccountReader(seal: seal).openApp(sealed, key)] += 1
            } catch {
                transaction.trees.damage.note(error, at: key, in: .factors)
                unreadable += 1
            }
        }
        if isDamaged { unreadable = max(unreadable, try factorCount(transaction) - counts.sum) }
        return (counts, unreadable)
    }

    /// Writes all numbers anew; nothing of the log may be left that has older ones.
    func write(_ counts: AccountCounts, _ transaction: borrowing Transaction) throws {
        var old: [[UInt8]] = []
        try transaction.forEach(tables.apps) { key, _ in old.append(Array(key)) }
        for key in old { try key.withBytes { try transaction.delete(tables.apps, $0) } }
        try counts.forEach { app in
            let id = RecordID(app: app.name, indexKey: seal.keys.preparedIndex)
            guard let plain = AccountCountRecord.encode(app) else { return }
            try RecordKey(id).withBytes { key in
                let sealed = plain.withBytes {
                    seal.seal($0, version: AccountCountRecord.version, in: .apps, at: key)
                }
                try sealed.withBytes { try transaction.put(tables.apps, key, $0) }
            }
        }
        try Meta.putCounted(transaction, tables)
    }
}
