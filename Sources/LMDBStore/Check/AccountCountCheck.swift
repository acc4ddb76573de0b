// Compares the stored numbers of accounts by app with the accounts that a check has found. A
// difference that an unreadable account may explain is not reported.

import Accounts
import Secrets
import Store

struct AccountCountCheck {
    let table: AccountCountTable
    /// Accounts that opened, and how many did not.
    let found: AccountCounts
    let unreadable: Int

    func run(_ transaction: borrowing Transaction, _ report: inout CheckReport) throws {
        var missing = found
        do {
            try table.forEachRecord(transaction) { key, sealed in
                do throws(RecordFault) {
                    let app = try table.open(sealed, key)
                    missing[app.name] = 0
                    compare(app.accounts, app.name, &report)
                } catch {
                    report.add(problem: "app \(Hex.encode(key)): \(error)")
                }
            }
        } catch is RecordFault {
            return report.add(problem: "apps: one has a key that is none")
        }
        missing.forEach { compare(0, $0.name, &report) }
    }

    private func compare(_ accounts: Int, _ app: AppName, _ report: inout CheckReport) {
        let least = found[app]
        guard !(least...(least + unreadable)).contains(accounts) else { return }
        let id = RecordID(app: app, indexKey: table.seal.keys.preparedIndex)
        let key = RecordKey(id).withBytes { Hex.encode($0) }
        report.add(
            problem: "app \(key): it has \(least) accounts, and its record says \(accounts)")
    }
}
