// Base64 (RFC 4648 §4), strictly. Behind the last whole byte, bits may be left over. Where they are
// not zero, something has been cut or changed, and programs differ in what they make of it.

import FoundationEssentials

enum Base64 {
    /// Nil for what is none, and for any other way to write the same bytes than the usual one.
    static func decode(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else {
            return nil
        }
        return Array(data)
    }
}
