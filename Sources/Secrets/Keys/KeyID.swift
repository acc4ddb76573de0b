// Names a key. Not a secret; it is stored beside what the key sealed.

package struct KeyID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static func random() -> KeyID {
        KeyID(rawValue: Randomness.bytes(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    package var description: String {
        Hex.encode((0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * UInt32($0))) })
    }
}
