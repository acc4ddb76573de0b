// A new record key beside the existing ones, and the end of the old ones. The index key and the
// backup-code key never change: the keys of records and the hashes of codes are made with them.

extension DataKeys {
    /// These with a new record key in front, which seals from now on; what the others have sealed
    /// still opens.
    package func withNewRecordKey() -> DataKeys {
        var id = KeyID.random()
        while recordKey(id) != nil { id = .random() }
        let new = RecordKey(id: id, key: Randomness.secret(SealingKey.keyBytes))
        return DataKeys(index: index, backupCode: backupCode, records: [new] + records)
    }

    /// These without the record keys behind the first: nothing may be left that they have sealed.
    package func withoutOlderRecordKeys() -> DataKeys {
        DataKeys(index: index, backupCode: backupCode, records: [records[0]])
    }

    /// Whether there are record keys that still open, and seal no more.
    package var hasOlderRecordKeys: Bool { records.count > 1 }

    /// The master key under which `wrapped` says that it was wrapped. Unwrapping proves that.
    package static func masterKeyID(of wrapped: UnsafeRawBufferPointer) -> KeyID? {
        guard wrapped.count > 5 else { return nil }
        return KeyID(
            rawValue: UInt32(
                bigEndian: wrapped.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
    }
}
