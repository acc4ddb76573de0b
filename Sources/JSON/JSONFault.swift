// Why JSONReader refused a text, and where. A fault goes into logs and replies, so it has the name
// of a field and no value: a value may be a secret.

package struct JSONFault: Error, Equatable, Sendable {
    package enum Reason: CaseIterable, Sendable {
        /// The text stops before the object is complete.
        case unexpectedEnd
        case byteOrderMark
        case notAnObject
        /// Something other than white space follows the object.
        case trailingBytes
        /// A byte which the grammar does not allow where it stands.
        case unexpectedByte
        case duplicateName
        case tooDeep
        case tooManyFields
        case tooManyElements
        case negativeZero
        case leadingZero
        case fraction
        case exponent
        case integerOutOfRange
        case controlCharacter
        case unknownEscape
        /// `\u` without four hexadecimal digits.
        case malformedEscape
        case loneSurrogate
        case invalidUTF8
    }

    package let reason: Reason

    /// Bytes from the start of the text to the first byte at fault; for a name, a number, an escape
    /// or a nested value that is at fault as a whole, to where it begins.
    package let offset: Int

    /// The top-level field in which it happened, ready for printing; nil when it happened outside
    /// any. A name counts as one only after its colon, lest a value that stands by mistake where a
    /// name belongs is shown.
    package let field: String?

    package init(reason: Reason, offset: Int, field: String? = nil) {
        self.reason = reason
        self.offset = offset
        self.field = field.map(Self.printable)
    }

    /// For people; not part of the protocol's contract.
    package var detail: String {
        guard let field else { return "\(reason.words) at byte \(offset)" }
        return "\(reason.words) at byte \(offset), in field \"\(field)\""
    }

    /// A longer name is cut: whoever sends it learns enough from its beginning, and a log line
    /// stays a line.
    package static let fieldBytesMax = 64

    /// The name as it was sent, at most `fieldBytesMax` bytes after escaping and never cut inside
    /// an escape. What a person would not see is escaped as JSON does it. A terminal obeys some of
    /// it: controls, line separators and bidirectional marks.
    package static func printable(_ name: String) -> String {
        var text = ""
        var byteCount = 0
        for scalar in name.unicodeScalars {
            let piece = escaped(scalar)
            guard byteCount + piece.utf8.count <= fieldBytesMax else { break }
            byteCount += piece.utf8.count
            text += piece
        }
        return text
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case " "..."~": String(scalar)
        case _ where isSeen(scalar): String(scalar)
        default: scalar.utf16.map(escaped).joined()
        }
    }

    private static func escaped(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Letters, marks, numbers, punctuation and symbols, but for those that show nothing.
    private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            return false
        case _: return true
        }
    }
}

extension JSONFault.Reason {
    /// What is wrong and, where it is not plain, what to send instead.
    package var words: String {
        switch self {
        case .unexpectedEnd: "the text ends before the object does"
        case .byteOrderMark: "a byte order mark is not allowed: send plain utf-8"
        case .notAnObject: "expected an object"
        case .trailingBytes: "nothing may follow the object"
        case .unexpectedByte: "not json"
        case .duplicateName: "the same name twice in one object"
        case .tooDeep: "nested deeper than \(JSONReader.depthMax) levels"
        case .tooManyFields: "more than \(JSONReader.fieldsMax) fields in one object"
        case .tooManyElements: "more than \(JSONReader.elementsMax) elements in one array"
        case .negativeZero: "minus zero is not an integer here: send 0"
        case .leadingZero: "a number may not begin with a superfluous zero"
        case .fraction: "only integers are allowed, found a fraction"
        case .exponent: "only integers are allowed, found an exponent"
        case .integerOutOfRange: "the integer does not fit in 64 signed bits"
        case .controlCharacter: "a control character in a string must be escaped"
        case .unknownEscape: "unknown escape in a string"
        case .malformedEscape: "\\u needs four hexadecimal digits"
        case .loneSurrogate: "half of a surrogate pair"
        case .invalidUTF8: "not valid utf-8"
        }
    }
}
