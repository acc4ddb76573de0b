// Counts the accounts of each app at a start, when a store has no numbers or wrong ones. This is
// done before anybody is answered, because an app with a wrong number could get more accounts than
// it may have.

import Accounts
import Secrets
import Store

/// What a start has counted.
package struct AccountCountRepair: Equatable, Sendable, CustomStringConvertible {
    package let accounts: Int
    package let apps: Int
    /// Accounts whose records do not open: they count for no app.
    package let unreadable: Int

    package init(accounts: Int, apps: Int, unreadable: Int) {
        (self.accounts, self.apps, self.unreadable) = (accounts, apps, unreadable)
    }

    package var description: String {
        let found = "counted \(accounts) accounts of \(apps) apps"
        return unreadable == 0
            ? found : "\(found); \(unreadable) more do not open, and count for none"
    }
}

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
