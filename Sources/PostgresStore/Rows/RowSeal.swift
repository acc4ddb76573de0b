// How a row's record is sealed into its place: version ‖ key id ‖ nonce ‖ cipher text ‖ tag, with
// version ‖ table ‖ key id ‖ key of the row authenticated. It is what LMDBStore's `RecordSeal`
// writes, and a test compares the two; that one works in the memory of its log, this one in arrays.

import Secrets
import Store

struct RowSeal: Sendable {
    let keys: DataKeys
    private static let headerBytes = 5

    func seal(
        _ plain: UnsafeRawBufferPointer, version: UInt8, in table: RowTable, at key: [UInt8]
    ) -> [UInt8] {
        let recordKey = keys.records[0]
        var sealed: [UInt8] = []
        sealed.reserveCapacity(Self.headerBytes + SealingKey.overhead + plain.count)
        sealed.append(version)
        Self.append(recordKey.id, to: &sealed)
        Self.associatedData(version, table, recordKey.id, key).withUnsafeBytes { data in
            recordKey.sealing.seal(plain, associatedData: data, appendingTo: &sealed)
        }
        return sealed
    }

    func seal(
        _ plain: RecordWriter, version: UInt8, in table: RowTable, at key: [UInt8]
    ) -> [UInt8] {
        plain.withBytes { seal($0, version: version, in: table, at: key) }
    }

    /// Opens a record of one of `versions`, and lends its plain text, which is wiped afterwards.
    func withOpened<Result>(
        _ sealed: [UInt8], versions: ClosedRange<UInt8>, in table: RowTable, at key: [UInt8],
        _ body: (UnsafeRawBufferPointer, _ version: UInt8) throws(RecordFault) -> Result
    ) throws(RecordFault) -> Result {
        guard sealed.count > Self.headerBytes + SealingKey.overhead else { throw .doesNotOpen }
        let version = sealed[0]
        guard versions.contains(version) else { throw .unknownFormat(version) }
        let id = KeyID(rawValue: sealed[1..<Self.headerBytes].reduce(0) { $0 << 8 | UInt32($1) })
        guard let recordKey = keys.recordKey(id) else { throw .doesNotOpen }
        let data = Self.associatedData(version, table, id, key)
        let opened: SecretBytes
        do throws(OpeningFault) {
            opened = try sealed.withBytes { sealed throws(OpeningFault) in
                try data.withBytes { data throws(OpeningFault) in
                    let text = UnsafeRawBufferPointer(rebasing: sealed[Self.headerBytes...])
                    return try recordKey.sealing.open(text, associatedData: data)
                }
            }
        } catch {
            throw .doesNotOpen
        }
        return try opened.withBytes { plain throws(RecordFault) in try body(plain, version) }
    }

    /// Only the last part varies in length, so it is unambiguous.
    private static func associatedData(
        _ version: UInt8, _ table: RowTable, _ id: KeyID, _ key: [UInt8]
    ) -> [UInt8] {
        var data = [version, table.rawValue]
        append(id, to: &data)
        return data + key
    }

    private static func append(_ id: KeyID, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: id.rawValue.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
