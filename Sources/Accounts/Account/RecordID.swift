// The key of an account's records: 128 bits that say nothing about the name without the index key.

import Secrets

package struct RecordID: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The first 16 bytes of HMAC-SHA-256(index key, length of app ‖ app ‖ user).
    package init(_ name: AccountName, indexKey: HMACKey) {
        self = Self.derive(name) { message, digest in
            indexKey.authenticate(message, into: digest)
        }
    }

    /// The same, for the few who have the key and name few accounts.
    package init(_ name: AccountName, indexKey: SecretBytes) {
        self = Self.derive(name) { message, digest in
            indexKey.withBytes { HMAC.sha256(key: $0, message, into: digest) }
        }
    }

    /// The key of what the store keeps of a whole app: the first 16 bytes of HMAC-SHA-256(index
    /// key, "app" ‖ 0 ‖ app). An account's begins with the length of its app's name, at most 32.
    package init(app: AppName, indexKey: HMACKey) {
        let message = Array("app\0".utf8) + Array(app.description.utf8)
        self = message.withUnsafeBytes { message in
            withUnsafeTemporaryAllocation(byteCount: HMACKey.digestBytes, alignment: 8) { digest in
                indexKey.authenticate(message, into: digest)
                return RecordID(
                    high: UInt64(bigEndian: digest.load(as: UInt64.self)),
                    low: UInt64(bigEndian: digest.load(fromByteOffset: 8, as: UInt64.self)))
            }
        }
    }

    /// On the stack, because a name is made for every request.
    private static func derive(
        _ name: AccountName,
        _ authenticate: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Void
    ) -> RecordID {
        let app = name.app.description.utf8
        let user = name.user.utf8
        // The longest name fits, and the digest comes first, where it is aligned.
        let start = HMACKey.digestBytes
        let size = start + 1 + Policy.appBytesMax + Policy.userBytesMax
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { scratch in
            let digest = UnsafeMutableRawBufferPointer(rebasing: scratch[..<start])
            let message = UnsafeMutableRawBufferPointer(rebasing: scratch[start...])
            let count = 1 + app.count + user.count
            // Whoever makes a name holds to both lengths: no request and no record gets past that.
            precondition(count <= message.count, "a name longer than names are")
            message[0] = UInt8(app.count)
            UnsafeMutableRawBufferPointer(rebasing: message[1...]).copyBytes(from: app)
            UnsafeMutableRawBufferPointer(rebasing: message[(1 + app.count)...])
                .copyBytes(from: user)
            authenticate(UnsafeRawBufferPointer(rebasing: message[..<count]), digest)
            return RecordID(
                high: UInt64(bigEndian: digest.load(as: UInt64.self)),
                low: UInt64(bigEndian: digest.load(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}

/// In the order of their bytes, as they stand in the store.
extension RecordID: Comparable {
    package static func < (left: RecordID, right: RecordID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
