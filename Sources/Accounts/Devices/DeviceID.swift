// A device's name in lists: a hash of its series, so that it may be shown and helps nobody to
// make a token, nor to end one.

import OneTimeCodes

package struct DeviceID: Hashable, Sendable {
    package static let textBytes = Base64URL.textBytes(8)
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package init?(_ text: String) {
        guard text.utf8.count == Self.textBytes, let bytes = Base64URL.decode(text[...]),
            bytes.count == 8
        else { return nil }
        rawValue = bytes.withBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    package var text: String { withUnsafeBytes(of: rawValue.bigEndian) { Base64URL.encode($0) } }
}
