// One answer as it came. It is a yes only if it says so in full. It is not printable, because some
// replies hold secrets.

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
    package var isYes: Bool { ReplyScan.saysYes(line) }
}

extension Reply: CustomStringConvertible, CustomReflectable {
    package var description: String { "<reply>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
