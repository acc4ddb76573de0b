// From two sealed records to an account. Both have to open, and to have been written with each
// other: a factor without its guard would have forgotten its used steps, and an older one would
// bring a phone back.

import Accounts
import Secrets
import Store

struct AccountReader {
    let seal: RecordSeal

    /// Returns the mark of the factor record.
    @discardableResult
    func open(
        _ records: SealedRecords, into account: inout Account, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> FactorMark {
        if let fault = records.fault { throw fault }
        var mark = FactorMark.none
        if let sealed = records.factor {
            let version = try Self.version(of: sealed)
            mark = try seal.withOpened(
                sealed, version: version, in: .factors, at: key
            ) { plain throws(RecordFault) in
                try AccountRecord.decodeFactor(
                    plain, version: AccountRecord.layout(sealedAs: version), into: &account)
                return FactorMark(of: plain)
            }
        }
        if let state = try openGuard(of: records, mark, key) { try account.take(state) }
        return mark
    }

    /// An account of which only the key is known; nil when there is no factor record, which alone
    /// has the name.
    func open(
        _ records: SealedRecords, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> Account? {
        if let fault = records.fault { throw fault }
        guard let sealed = records.factor else { return nil }
        var (account, mark) = try openFactor(sealed, key)
        if let state = try openGuard(of: records, mark, key) { try account.take(state) }
        return account
    }

    /// The guard that belongs to a factor record; nil where there is neither.
    private func openGuard(
        of records: SealedRecords, _ mark: FactorMark, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> Guard? {
        guard let sealed = records.guard else {
            if records.factor != nil { throw .incomplete }
            return nil
        }
        let found = try openGuard(sealed, key)
        guard found.hasFactorRecord == (records.factor != nil) else { throw .incomplete }
        guard found.belongs(to: mark, sealedAs: records.factor.map(RecordSeal.version)) else {
            throw .otherFactor
        }
        return found.state
    }

    /// The factor's part of an account, of which only the key is known.
    func openFactor(
        _ sealed: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> (Account, FactorMark) {
        let version = try Self.version(of: sealed)
        return try seal.withOpened(sealed, version: version, in: .factors, at: key) {
            plain throws(RecordFault) in
            (
                try AccountRecord.decodeFactor(
                    plain, version: AccountRecord.layout(sealedAs: version)),
                FactorMark(of: plain)
            )
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
        guard AccountRecord.sealedVersions.contains(version) else { throw .unknownFormat(version) }
        return version
    }

    func openGuard(
        _ sealed: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> StoredGuard {
        let version = try Self.version(of: sealed)
        return try seal.withOpened(sealed, version: version, in: .guards, at: key) {
            plain throws(RecordFault) in
            var (rest, mark) = (plain, nil as FactorMark?)
            if version >= AccountRecord.firstPairVersion {
                guard plain.count > FactorMark.bytes else { throw .malformed }
                mark = FactorMark(rawValue: UInt64(bigEndian: plain.loadUnaligned(as: UInt64.self)))
                rest = UnsafeRawBufferPointer(rebasing: plain[FactorMark.bytes...])
            }
            let (state, hasFactorRecord) = try AccountRecord.decodeGuard(
                rest, version: AccountRecord.layout(sealedAs: version))
            return StoredGuard(state: state, hasFactorRecord: hasFactorRecord, mark: mark)
        }
    }
}
