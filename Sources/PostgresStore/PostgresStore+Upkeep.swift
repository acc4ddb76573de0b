// What is asked of a store in a database as a whole. Keys cannot be changed yet, because no host
// knows whether the others have the new ones; and copies are the database's own.

import Accounts
import Secrets
import Store

extension PostgresStore: StoreUpkeep {
    package var upkeep: any StoreUpkeep { self }

    package var keyIDs: StoreKeyIDs {
        StoreKeyIDs(master: keys.master, records: seal.keys.records.map(\.id))
    }

    package var rotation: JobProgress? { nil }

    package func rotateMasterKey() throws(KeyFault) -> KeyID {
        throw .store(.unreadable("other hosts may not have the new key"))
    }

    package func rotateRecordKey() throws(KeyFault) -> KeyID {
        throw .store(.unreadable("other hosts may not have the new key"))
    }

    package func whenRotated(_ body: @escaping @Sendable () -> Void) {
        // No change of keys begins, so none ends.
    }

    package func backup(to target: NewPath, _ job: Job) throws(CopyFault) -> BackupReport {
        throw .failed("a store in a database is copied by the database's own means")
    }

    package func forEachAccount(
        of app: AppName, _ job: Job, _ body: (Account?) throws(CopyFault) -> Void
    ) throws(CopyFault) {
        var fault: CopyFault?
        do throws(DatabaseFault) {
            let view = try DatabaseView(conninfo)
            try view.forEach(LookStatements.accounts) { page, row, id throws(DatabaseFault) in
                let rows = AccountRows(
                    guard: try page.bytes(row, 2), factor: try page.record(row, 1))
                do throws(CopyFault) {
                    guard !job.isCancelled else { throw .stopped }
                    job.advance()
                    let account = opened(rows, id)
                    if account.map({ $0.name.app == app }) ?? true { try body(account) }
                    return true
                } catch {
                    fault = error
                    return false
                }
            }
        } catch {
            throw .failed(error.description)
        }
        if let fault { throw fault }
    }

    /// Nil when it does not open.
    private func opened(_ rows: AccountRows, _ id: RecordID) -> Account? {
        do throws(RecordFault) {
            return try rows.account(id, seal)
        } catch {
            return nil
        }
    }
}
