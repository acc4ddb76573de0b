// Backup codes as the store keeps them: slow hashes under one salt, one fewer with each use.

import Secrets

package struct BackupCodeSet: Equatable, Sendable {
    package let salt: [UInt8]
    /// One hash after the other, because an account is read far more often than its codes are used.
    package private(set) var hashBytes: [UInt8]

    package init(salt: [UInt8], hashes: [[UInt8]]) {
        self.init(salt: salt, hashBytes: hashes.flatMap { $0 })
    }

    /// - Parameter hashBytes: whole hashes of `PasswordHash.bytes`: a record's reader takes so many
    ///   bytes for each that it counts, and who hashes makes no others.
    package init(salt: [UInt8], hashBytes: [UInt8]) {
        precondition(hashBytes.count.isMultiple(of: PasswordHash.bytes), "hashes are whole")
        self.salt = salt
        self.hashBytes = hashBytes
    }

    package var count: Int { hashBytes.count / PasswordHash.bytes }

    /// Whether all codes that are left here are also there.
    func isSubset(of other: BackupCodeSet) -> Bool {
        salt == other.salt && Set(hashes).isSubset(of: other.hashes)
    }

    private var hashes: [ArraySlice<UInt8>] {
        stride(from: 0, to: hashBytes.count, by: PasswordHash.bytes).map {
            hashBytes[$0..<($0 + PasswordHash.bytes)]
        }
    }

    /// Removes the code with this hash. Compares with all of them, in the same time whichever it
    /// is.
    mutating func consume(_ hash: [UInt8]) -> Bool {
        var found: Range<Int>?
        let size = PasswordHash.bytes
        for start in stride(from: 0, to: hashBytes.count, by: size) {
            let range = start..<(start + size)
            let isEqual = hashBytes.withUnsafeBytes { bytes in
                hash.withUnsafeBytes { hash in
                    SecretBytes.areEqual(UnsafeRawBufferPointer(rebasing: bytes[range]), hash)
                }
            }
            if isEqual { found = range }
        }
        guard let found else { return false }
        hashBytes.removeSubrange(found)
        return true
    }
}
