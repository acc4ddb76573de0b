// From two sealed records to an account. Both have to open: a factor without its guard would have
// forgotten its used steps.

import Accounts
import Secrets
import Store

struct AccountReader {
    let seal: RecordSeal

    func open(
        _ records: SealedRecords, into account: inout Account, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) {
        if let fault = records.fault { throw fault }
        if let sealed = records.factor {
            let version = try Self.version(of: sealed)
            try seal.withOpened(
                sealed, version: version, in: .factors, at: key
            ) { plain throws(RecordFault) in
                try AccountRecord.decodeFactor(plain, version: version, into: &account)
            }
        }
        let hasFactor = records.factor != nil
        guard let sealed = records.guard else {
            if hasFactor { throw .incomplete }
            return
        }
        let decoded = try openGuard(sealed, key)
        guard decoded.hasFactorRecord == hasFactor else { throw .incomplete }
        account.guard = decoded.0
    }

    /// An account of which only the key is known; nil when there is no factor record, which alone
    /// has the name.
    func open(
        _ records: SealedRecords, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> Account? {
        if let fault = records.fault { throw fault }
        guard let sealed = records.factor else { return nil }
        var account = try openFactor(sealed, key)
        guard let state = records.guard else { throw .incomplete }
        let decoded = try openGuard(state, key)
        guard decoded.hasFactorRecord else { throw .incomplete }
        account.guard = decoded.0
        return account
    }

    /// The factor's part of an account, of which only the key is known.
    func openFactor(
        _ sealed: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> Account {
        let version = try Self.version(of: sealed)
        return try seal.withOpened(sealed, version: version, in: .factors, at: key) {
            plain throws(RecordFault) in
            try AccountRecord.decodeFactor(plain, version: version)
        }
    }

    /// Whose app a factor is; no more of it is read.
    func openApp(
        _ sealed: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> AppName {
        let version = try Self.version(of: sealed)
        return try seal.withOpened(sealed, version: version, in: .factors, at: key) {
            plain throws(RecordFault) in
            try AccountRecord.decodeApp(ofFactor: plain)
        }
    }

    /// One that this code can read.
    static func version(of sealed: UnsafeRawBufferPointer) throws(RecordFault) -> UInt8 {
        guard !sealed.isEmpty else { throw .doesNotOpen }
        let version = RecordSeal.version(of: sealed)
        guard AccountRecord.versions.contains(version) else { throw .unknownFormat(version) }
        return version
    }

    func openGuard(
        _ sealed: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> (Guard, hasFactorRecord: Bool) {
        let version = try Self.version(of: sealed)
        return try seal.withOpened(sealed, version: version, in: .guards, at: key) {
            plain throws(RecordFault) in
            try AccountRecord.decodeGuard(plain, version: version)
        }
    }
}
