// From two sealed records to an account. It must never return half an account: a factor without its
// guard would be a factor whose used steps are forgotten.

import Accounts
import Secrets
import Store

struct AccountReader {
    let tables: Tables
    let seal: RecordSeal

    /// Throws `RecordFault` when the account's records cannot be used, `LMDBFault` when the engine
    /// fails.
    func load(
        into account: inout Account, _ key: RecordKey, _ transaction: borrowing Transaction
    ) throws {
        try key.withBytes { key in
            let hasFactor = try transaction.get(tables.factors, key) { sealed in
                guard let sealed else { return false }
                try seal.withOpened(
                    sealed, version: AccountRecord.version, in: .factors, at: key
                ) { plain throws(RecordFault) in
                    try AccountRecord.decodeFactor(plain, into: &account)
                }
                return true
            }
            try transaction.get(tables.guards, key) { sealed in
                guard let sealed else {
                    if hasFactor { throw RecordFault.incomplete }
                    return
                }
                let decoded = try openGuard(sealed, key)
                guard decoded.hasFactorRecord == hasFactor else { throw RecordFault.incomplete }
                account.guard = decoded.0
            }
        }
    }

    func openGuard(
        _ sealed: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> (Guard, hasFactorRecord: Bool) {
        try seal.withOpened(sealed, version: AccountRecord.version, in: .guards, at: key) {
            plain throws(RecordFault) in
            try AccountRecord.decodeGuard(plain)
        }
    }
}
