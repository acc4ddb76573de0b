// The keys for daily use. They are in the store, wrapped by a master key, so a new master key
// re-wraps these few and no record.

package struct DataKeys: Sendable {
    /// Names on disk are HMACs under this key.
    package let index: SecretBytes
    /// `index`, made ready: it names an account on every request.
    package let preparedIndex: HMACKey
    /// For the hash of all records there are.
    package let setHash: SetHashKey
    /// Keys the slow hash of backup codes.
    package let backupCode: SecretBytes
    /// The first seals records, all of them open.
    package let records: [RecordKey]

    package struct RecordKey: Sendable {
        package let id: KeyID
        package let sealing: SealingKey
        fileprivate let key: SecretBytes

        package init(id: KeyID, key: SecretBytes) {
            self.id = id
            self.key = key
            sealing = SealingKey(key)
        }
    }

    init(index: SecretBytes, backupCode: SecretBytes, records: [RecordKey]) {
        self.index = index
        let prepared = HMACKey(index)
        preparedIndex = prepared
        setHash = SetHashKey(Self.setHashKey(prepared), domains: Self.setHashDomains)
        self.backupCode = backupCode
        self.records = records
    }

    /// As many tables may have records in one set: their numbers are the domains.
    package static let setHashDomains = 16

    /// HMAC-SHA-256(index key, "set" ‖ 0). An account's id begins with the length of an app's name,
    /// at most 32, and all others with other words.
    private static func setHashKey(_ index: HMACKey) -> SecretBytes {
        SecretBytes(count: HMACKey.digestBytes) { digest in
            Array("set\0".utf8).withUnsafeBytes { index.authenticate($0, into: digest) }
        }
    }

    package static func generate() -> DataKeys {
        DataKeys(
            index: Randomness.secret(SealingKey.keyBytes),
            backupCode: Randomness.secret(SealingKey.keyBytes),
            records: [RecordKey(id: .random(), key: Randomness.secret(SealingKey.keyBytes))])
    }

    package func recordKey(_ id: KeyID) -> RecordKey? {
        records.first { $0.id == id }
    }

    package func hashBackupCode(_ canonical: UnsafeRawBufferPointer, salt: [UInt8]) -> [UInt8] {
        PasswordHash.hash(canonical, key: backupCode, salt: salt)
    }
}

extension DataKeys {
    private static let formatVersion: UInt8 = 1
    private static let associatedData = Array("totpd data keys 1".utf8)

    /// Version (1 byte) ‖ master key id (4) ‖ sealed (index key ‖ backup-code key ‖ (id ‖ key)…).
    package func wrapped(by master: MasterKey) -> [UInt8] {
        var plain: [UInt8] = []
        defer { plain.wipe() }
        // Reserved first, so that growing leaves no copy behind.
        plain.reserveCapacity(2 * SealingKey.keyBytes + records.count * (4 + SealingKey.keyBytes))
        index.withBytes { plain.append(contentsOf: $0) }
        backupCode.withBytes { plain.append(contentsOf: $0) }
        for record in records {
            Self.append(record.id, to: &plain)
            record.key.withBytes { plain.append(contentsOf: $0) }
        }
        var output = [Self.formatVersion]
        Self.append(master.id, to: &output)
        plain.withUnsafeBytes { plain in
            Self.associatedData.withUnsafeBytes { data in
                SealingKey(master.key).seal(plain, associatedData: data, appendingTo: &output)
            }
        }
        return output
    }

    package init(unwrapping bytes: UnsafeRawBufferPointer, with ring: KeyRing) throws(WrappingFault)
    {
        guard bytes.count > 5, bytes[0] == Self.formatVersion else { throw .unknownFormat }
        let id = Self.id(UnsafeRawBufferPointer(rebasing: bytes[1..<5]))
        guard let master = ring.key(id) else { throw .missingMasterKey(id) }
        let plain: SecretBytes
        do {
            plain = try Self.associatedData.withBytes { data throws(OpeningFault) in
                try SealingKey(master.key).open(
                    UnsafeRawBufferPointer(rebasing: bytes[5...]), associatedData: data)
            }
        } catch {
            throw .wrongMasterKey(id)
        }
        let size = SealingKey.keyBytes
        guard plain.count >= 3 * size + 4, (plain.count - 2 * size) % (4 + size) == 0 else {
            throw .unknownFormat
        }
        self = plain.withBytes { plain in
            func secret(at offset: Int) -> SecretBytes {
                SecretBytes(
                    copying: UnsafeRawBufferPointer(rebasing: plain[offset..<(offset + size)]))
            }
            let records = stride(from: 2 * size, to: plain.count, by: 4 + size).map { offset in
                RecordKey(
                    id: Self.id(UnsafeRawBufferPointer(rebasing: plain[offset..<(offset + 4)])),
                    key: secret(at: offset + 4))
            }
            return DataKeys(index: secret(at: 0), backupCode: secret(at: size), records: records)
        }
    }

    private static func append(_ id: KeyID, to output: inout [UInt8]) {
        withUnsafeBytes(of: id.rawValue.bigEndian) { output.append(contentsOf: $0) }
    }

    private static func id(_ bytes: UnsafeRawBufferPointer) -> KeyID {
        KeyID(rawValue: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
    }
}
