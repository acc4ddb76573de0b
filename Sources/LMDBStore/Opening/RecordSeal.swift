// How a record is sealed into its place: version ‖ key id ‖ nonce ‖ cipher text ‖ tag. The place is
// authenticated too, so a record that was moved to another key, table or version does not open.

import Secrets
import Store

struct RecordSeal: Sendable {
    private static let headerBytes = 5
    /// What a sealed record has more than its plain text: 45 bytes.
    static let overhead = headerBytes + SealingKey.overhead
    let keys: DataKeys

    func seal(
        _ plain: UnsafeRawBufferPointer, version: UInt8, in table: Table,
        at key: UnsafeRawBufferPointer
    ) -> [UInt8] {
        let size = Self.overhead + plain.count
        return [UInt8](unsafeUninitializedCapacity: size) { sealed, count in
            seal(
                plain, version: version, in: table, at: key,
                into: UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: sealed[..<size])))
            count = size
        }
    }

    /// - Parameter sealed: longer than `plain` by `overhead`.
    func seal(
        _ plain: UnsafeRawBufferPointer, version: UInt8, in table: Table,
        at key: UnsafeRawBufferPointer, into sealed: UnsafeMutableRawBufferPointer
    ) {
        let recordKey = keys.records[0]
        sealed[0] = version
        sealed.storeBytes(of: recordKey.id.rawValue.bigEndian, toByteOffset: 1, as: UInt32.self)
        Self.withAssociatedData(version, table, key, recordKey.id) { data in
            recordKey.sealing.seal(
                plain, associatedData: data,
                into: UnsafeMutableRawBufferPointer(rebasing: sealed[Self.headerBytes...]))
        }
    }

    /// The format version that a sealed record says it has. Opening it proves that.
    static func version(of sealed: UnsafeRawBufferPointer) -> UInt8 { sealed.first ?? 0 }

    /// The record key that a sealed record says it needs; nil when it says nothing.
    static func keyID(of sealed: UnsafeRawBufferPointer) -> KeyID? {
        guard sealed.count > headerBytes else { return nil }
        return KeyID(
            rawValue: UInt32(bigEndian: sealed.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
    }

    /// The same record, sealed by the key that seals now; nil when it does not open. What it says,
    /// and in which version, is not looked at.
    func resealed(
        _ sealed: UnsafeRawBufferPointer, in table: Table, at key: UnsafeRawBufferPointer
    ) -> [UInt8]? {
        let version = Self.version(of: sealed)
        do throws(RecordFault) {
            return try withOpened(sealed, version: version, in: table, at: key) { plain in
                seal(plain, version: version, in: table, at: key)
            }
        } catch {
            return nil
        }
    }

    /// Opens a record and lends its plain text, which is wiped afterwards.
    func withOpened<Result>(
        _ sealed: UnsafeRawBufferPointer, version: UInt8, in table: Table,
        at key: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws(RecordFault) -> Result
    ) throws(RecordFault) -> Result {
        let start = Self.headerBytes
        guard sealed.count > start + SealingKey.overhead else { throw .doesNotOpen }
        guard sealed[0] == version else { throw .unknownFormat(sealed[0]) }
        guard let id = Self.keyID(of: sealed), let recordKey = keys.recordKey(id) else {
            throw .doesNotOpen
        }
        let text = UnsafeRawBufferPointer(rebasing: sealed[start...])
        let result: Swift.Result<Result, RecordFault> = withUnsafeTemporaryAllocation(
            byteCount: text.count, alignment: 8
        ) { copy in
            defer { wipe(copy) }
            // What lies in a map may change between being authenticated and being decrypted, which
            // read it twice. The copy is opened where it lies.
            copy.copyMemory(from: text)
            let end = text.count - SealingKey.tagBytes
            let plain = UnsafeMutableRawBufferPointer(rebasing: copy[SealingKey.nonceBytes..<end])
            do throws(OpeningFault) {
                try Self.withAssociatedData(version, table, key, id) { data throws(OpeningFault) in
                    try recordKey.sealing.open(
                        UnsafeRawBufferPointer(copy), associatedData: data, into: plain)
                }
            } catch {
                return .failure(.doesNotOpen)
            }
            return Swift.Result { () throws(RecordFault) in
                try body(UnsafeRawBufferPointer(plain))
            }
        }
        return try result.get()
    }

    /// Opens a record into memory of its own.
    func open(
        _ sealed: UnsafeRawBufferPointer, version: UInt8, in table: Table,
        at key: UnsafeRawBufferPointer
    ) throws(RecordFault) -> SecretBytes {
        try withOpened(sealed, version: version, in: table, at: key) { SecretBytes(copying: $0) }
    }

    /// version ‖ table ‖ key id ‖ record key. Only the last varies in length, so it is unambiguous.
    private static func withAssociatedData<Result, Failure: Error>(
        _ version: UInt8, _ table: Table, _ key: UnsafeRawBufferPointer, _ id: KeyID,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let size = 6 + key.count
        let result: Swift.Result<Result, Failure> = withUnsafeTemporaryAllocation(
            byteCount: size, alignment: 8
        ) { data in
            data[0] = version
            data[1] = table.rawValue
            data.storeBytes(of: id.rawValue.bigEndian, toByteOffset: 2, as: UInt32.self)
            UnsafeMutableRawBufferPointer(rebasing: data[6...]).copyMemory(from: key)
            return Swift.Result { () throws(Failure) in try body(UnsafeRawBufferPointer(data)) }
        }
        return try result.get()
    }
}
