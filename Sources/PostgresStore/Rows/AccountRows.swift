// An account as two rows. Both have to open: a factor without its guard would have forgotten its
// used steps.

import Accounts
import Secrets
import Store

struct AccountRows {
    /// Sealed; nil for no row.
    var `guard`: [UInt8]?
    var factor: [UInt8]?

    /// The account of a name, as a decision finds it.
    func account(
        of name: AccountName, _ id: RecordID, _ seal: RowSeal
    ) throws(RecordFault) -> Account {
        var account = Account(name)
        let key = Parameter.uuid(id)
        if let factor {
            try seal.withOpened(
                factor, versions: AccountRecord.versions, in: .factors, at: key
            ) { plain, version throws(RecordFault) in
                try AccountRecord.decodeFactor(plain, version: version, into: &account)
            }
        }
        try account.take(try openGuard(key, seal) ?? Guard())
        return account
    }

    /// The same of which only the id is known; the factor alone has the name.
    func account(_ id: RecordID, _ seal: RowSeal) throws(RecordFault) -> Account {
        guard let factor else { throw .incomplete }
        let key = Parameter.uuid(id)
        var account = try seal.withOpened(
            factor, versions: AccountRecord.versions, in: .factors, at: key
        ) { plain, version throws(RecordFault) in
            try AccountRecord.decodeFactor(plain, version: version)
        }
        guard let state = try openGuard(key, seal) else { throw .incomplete }
        try account.take(state)
        return account
    }

    /// Nil when there is none, and belongs to none.
    func openGuard(_ key: [UInt8], _ seal: RowSeal) throws(RecordFault) -> Guard? {
        guard let sealed = self.guard else {
            if factor != nil { throw .incomplete }
            return nil
        }
        let (state, hasFactorRecord) = try seal.withOpened(
            sealed, versions: AccountRecord.versions, in: .guards, at: key
        ) { plain, version throws(RecordFault) in
            try AccountRecord.decodeGuard(plain, version: version)
        }
        guard hasFactorRecord == (factor != nil) else { throw .incomplete }
        return state
    }

    mutating func putFactor(of account: Account, _ id: RecordID, _ seal: RowSeal) {
        guard account.hasFactorRecord else {
            factor = nil
            return
        }
        var plain = AccountRecord.encodeFactor(account)
        defer { plain.wipe() }
        factor = seal.seal(
            plain, version: AccountRecord.version, in: .factors, at: Parameter.uuid(id))
    }

    mutating func putGuard(of account: Account, _ id: RecordID, _ seal: RowSeal) {
        self.guard = AccountRecord.encodeGuard(account).map {
            seal.seal($0, version: AccountRecord.version, in: .guards, at: Parameter.uuid(id))
        }
    }
}
