// Whose account: an app and the app's own name for a user. Names are bytes: two that differ in any
// byte must never share an account, and no spelling is folded into another (Vault's CVE-2025-6004).

import Secrets

package struct AccountName: Sendable {
    package let app: AppName
    package let user: String

    /// Nil unless the user has 1 to 256 bytes of UTF-8 without control characters.
    package init?(app: AppName, user: String) {
        guard (1...Policy.userBytesMax).contains(user.utf8.count), !user.hasControlCharacters else {
            return nil
        }
        self.app = app
        self.user = user
    }

    /// Nobody: what stands in an event about a whole app, or about the whole store. No request can
    /// name it, and no account has it.
    package static func nobody(in app: AppName?) -> AccountName {
        AccountName(nobodyIn: app ?? AppName(unchecked: ""))
    }

    package var isNobody: Bool { user.isEmpty }

    private init(nobodyIn app: AppName) {
        self.app = app
        user = ""
    }
}

extension AccountName: Equatable {
    /// By bytes. Swift's own `==` on strings takes é and e + ´ for the same.
    package static func == (left: AccountName, right: AccountName) -> Bool {
        left.app == right.app && left.user.utf8.elementsEqual(right.user.utf8)
    }
}

/// The name of an app: 1 to 32 of `a-z 0-9 . _ -`, beginning with a letter or digit.
package struct AppName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init?(_ text: String) {
        let bytes = text.utf8
        guard (1...Policy.appBytesMax).contains(bytes.count), let first = bytes.first,
            Self.isAlphanumeric(first), bytes.allSatisfy(Self.isAllowed)
        else { return nil }
        description = text
    }

    fileprivate init(unchecked text: String) { description = text }

    /// Whether it stands for no app in particular: see `AccountName.nobody`.
    package var isNone: Bool { description.isEmpty }

    /// The app of a host that has configured none.
    package static let standard = AppName(unchecked: "default")

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
            || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }
}

extension String {
    /// U+0000 to U+001F and U+007F to U+009F, which no name or reason needs and no terminal should
    /// get: some of them begin an escape sequence.
    package var hasControlCharacters: Bool {
        // Lent as bytes: every request brings a name, and String's own iteration is slower.
        var text = self
        return text.withUTF8 { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                if byte < 0x20 || byte == 0x7f { return true }
                // U+0080 to U+009F are C2 80 to C2 9F in UTF-8.
                if previous == 0xc2 && byte < 0xa0 { return true }
                previous = byte
            }
            return false
        }
    }
}

/// In the order of their bytes, which are ASCII.
extension AppName: Comparable {
    package static func < (left: AppName, right: AppName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

/// In the order of their bytes, as they stand in the store.
extension RecordID: Comparable {
    package static func < (left: RecordID, right: RecordID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// The key of an account's records: 128 bits that say nothing about the name without the index key.
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
