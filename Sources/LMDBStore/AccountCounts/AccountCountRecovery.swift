// Counts the accounts of a store that has no numbers of them, or wrong ones: once, and before
// anybody is answered, because no app may get more accounts than it may have.

import Store

struct AccountCountRecovery {
    let environment: LMDBEnvironment
    let directory: StateDirectory
    let tables: Tables
    let keys: StoreKeys

    /// - Parameter isCounted: see `Meta.Contents.isCounted`.
    func counts(_ log: WriteAheadLog, isCounted: Bool) throws -> (
        AccountCounts, AccountCountRepair?
    ) {
        let seal = keys.seal
        if isCounted {
            let table = AccountCountTable(tables: tables, seal: seal, laps: log.laps)
            if let counts = try environment.read({ try table.read($0) }) { return (counts, nil) }
        }
        // What the log has of it, right or wrong, would come after what is written here.
        let isFolded = try unlessFull { try log.foldAll() }
        let table = AccountCountTable(tables: tables, seal: seal, laps: log.laps)
        let (counts, unreadable) = try environment.read { try table.count($0) }
        // Where there is no room for the numbers, the next start counts again.
        if isFolded { _ = try unlessFull { try write(counts, table) } }
        return (
            counts,
            AccountCountRepair(accounts: counts.sum, apps: counts.apps, unreadable: unreadable)
        )
    }

    private func write(_ counts: AccountCounts, _ table: AccountCountTable) throws {
        do {
            try environment.write { transaction in
                try table.write(counts, transaction)
                return ((), isCommitted: true)
            }
        } catch {
            throw StoreFault(error, directory)
        }
    }

    /// Returns whether there was room.
    private func unlessFull(_ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            return true
        } catch StoreFault.full {
            return false
        }
    }
}
