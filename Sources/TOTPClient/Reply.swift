// One answer as it came. It is a yes only if it says so in full. It is not printable, because some
// replies hold secrets.

import JSON

package struct Reply: Sendable {
    /// The line without its LF.
    package let line: [UInt8]

    package init(line: [UInt8]) {
        self.line = line
    }

    /// For people; what is not UTF-8 is replaced.
    package var text: String { String(decoding: line, as: UTF8.self) }

    /// True only for one whole JSON object that has the field `ok` once, and there a literal
    /// `true`. Every other line is a no.
    package var isYes: Bool {
        line.withUnsafeBytes { bytes in
            do throws(JSONFault) {
                return try Self.saysYes(bytes)
            } catch {
                return false
            }
        }
    }

    private static func saysYes(_ line: UnsafeRawBufferPointer) throws(JSONFault) -> Bool {
        var names: Set<[UInt8]> = []
        var isYes = false
        try JSONReader.read(line) { reader throws(JSONFault) in
            try reader.fields(atMost: .max) { reader throws(JSONFault) in
                // `"\u006fk"` is `"ok"` too, and totpd never writes a name like that.
                guard let plain = try reader.plainString() else {
                    throw reader.fault(.unknownEscape)
                }
                let name = Array(plain)
                guard names.insert(name).inserted else { throw reader.fault(.duplicateName) }
                reader.skipWhitespace()
                try reader.expect(UInt8(ascii: ":"))
                reader.skipWhitespace()
                let value = reader.position
                try reader.skipAnyValue(depth: 1)
                guard name.elementsEqual("ok".utf8) else { return }
                isYes = line[value..<reader.position].elementsEqual("true".utf8)
            }
        }
        return isYes
    }
}

extension Reply: CustomStringConvertible, CustomReflectable {
    package var description: String { "<reply>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
