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
        try ifPossible { try log.foldAll() }
        let isFolded = log.laps.allSatisfy { $0.newest.apps.count == 0 }
        let table = AccountCountTable(tables: tables, seal: seal, laps: log.laps)
        let (counts, unreadable) = try environment.read { try table.count($0) }
        // Where there is no room for the numbers, or their page is damaged, the next start counts
        // again.
        if isFolded { try ifPossible { try write(counts, table) } }
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

    /// Does what may be left undone.
    private func ifPossible(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let fault as StoreFault where fault.mayPass {
            return
        }
    }
}
