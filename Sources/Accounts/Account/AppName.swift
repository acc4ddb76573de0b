// The name of an app: 1 to 32 of `a-z 0-9 . _ -`, beginning with a letter or digit.

package struct AppName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init?(_ text: String) {
        let bytes = text.utf8
        guard (1...Policy.appBytesMax).contains(bytes.count), let first = bytes.first,
            Self.isAlphanumeric(first), bytes.allSatisfy(Self.isAllowed)
        else { return nil }
        description = text
    }

    private init(unchecked text: String) { description = text }

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

/// In the order of their bytes, which are ASCII.
extension AppName: Comparable {
    package static func < (left: AppName, right: AppName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
