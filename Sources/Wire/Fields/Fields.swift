// The fields of one request, read strictly: the right type, within limits, and none that is
// unknown. A refusal names the field and does not repeat its value.

import Accounts
import JSON

/// The whole text is read once; then a value is made of what is asked for, and of nothing else.
/// The text is lent: its owner keeps it as long as the fields are used.
struct Fields {
    private let text: UnsafeRawBufferPointer
    /// Where the value of each known field begins, by the field's number; 0 when it is not there.
    private var starts = SIMD64<UInt32>(repeating: 0)
    private var known = FieldNames(rawValue: 0)
    /// Names that no operation knows, and where the first of them stands.
    private var unknown: [String] = []
    private var firstUnknown = Int.max

    init(_ text: UnsafeRawBufferPointer) throws(JSONFault) {
        self.text = text
        try JSONReader.read(text) { reader throws(JSONFault) in
            try reader.fields { reader throws(JSONFault) in try take(&reader) }
        }
    }

    private enum Name {
        case known(FieldName)
        case unknown(String)

        var text: String {
            switch self {
            case .known(let name): return name.text
            case .unknown(let text): return text
            }
        }
    }

    private mutating func take(_ reader: inout JSONReader) throws(JSONFault) {
        let start = reader.position
        let name = try Self.name(&reader)
        reader.skipWhitespace()
        try reader.expect(UInt8(ascii: ":"))
        do throws(JSONFault) {
            guard isNew(name) else { throw JSONFault(reason: .duplicateName, offset: start) }
            reader.skipWhitespace()
            switch name {
            case .known(let name):
                known.insert(FieldNames(name))
                starts[Int(name.rawValue)] = UInt32(reader.position)
            case .unknown(let text):
                unknown.append(text)
                firstUnknown = min(firstUnknown, start)
            }
            try reader.skipValue(depth: 1)
        } catch {
            throw JSONFault(reason: error.reason, offset: error.offset, field: name.text)
        }
    }

    private static func name(_ reader: inout JSONReader) throws(JSONFault) -> Name {
        let start = reader.position
        if let plain = try reader.plainString(), let name = FieldName(plain) { return .known(name) }
        reader.position = start
        let text = try reader.string()
        return FieldName(text.utf8).map { .known($0) } ?? .unknown(text)
    }

    /// By bytes, as JSONReader compares names.
    private func isNew(_ name: Name) -> Bool {
        switch name {
        case .known(let name): return !known.contains(FieldNames(name))
        case .unknown(let text): return !unknown.contains { $0.utf8.elementsEqual(text.utf8) }
        }
    }

    subscript(_ name: FieldName) -> JSONValue? {
        let start = Int(starts[Int(name.rawValue)])
        return start == 0 ? nil : JSONReader.value(in: text, at: start)
    }

    /// Refuses fields that the operation does not have; of several the first that was sent.
    func refuseAll(but allowed: FieldNames) throws(Refusal) {
        guard !unknown.isEmpty || !known.isSubset(of: allowed) else { return }
        let surplus = FieldName.allCases.filter {
            known.contains(FieldNames($0)) && !allowed.contains(FieldNames($0))
        }
        let first = surplus.min { starts[Int($0.rawValue)] < starts[Int($1.rawValue)] }
        var name = unknown.first
        if let first, Int(starts[Int(first.rawValue)]) < firstUnknown { name = first.text }
        let detail = "there is no such field here"
        throw Refusal(.badRequest, field: name.map(JSONFault.printable), detail: detail)
    }

    func text(_ name: FieldName, bytes: ClosedRange<Int>) throws(Refusal) -> String? {
        let start = Int(starts[Int(name.rawValue)])
        guard start > 0 else { return nil }
        guard let text = JSONReader.string(in: self.text, at: start) else {
            throw Self.refusal(name, "a string is expected")
        }
        guard bytes.contains(text.utf8.count) else {
            throw Self.refusal(
                name, "\(bytes.lowerBound) to \(bytes.upperBound) bytes are expected")
        }
        return text
    }

    /// Text that is shown or logged: without control characters.
    func plainText(_ name: FieldName, bytes: ClosedRange<Int>) throws(Refusal) -> String? {
        guard let text = try text(name, bytes: bytes) else { return nil }
        guard !text.hasControlCharacters else {
            throw Self.noControlCharacters(name)
        }
        return text
    }

    func source() throws(Refusal) -> Source? {
        let range = 1...Policy.limitKeyBytesMax
        guard let text = try plainText(.source, bytes: range) else { return nil }
        guard let source = Source(text) else {
            throw Self.refusal(.source, "this begins as an IP address, and is none")
        }
        return source
    }

    func reason() throws(Refusal) -> String? {
        try plainText(.reason, bytes: 1...Policy.reasonBytesMax)
    }

    static func noControlCharacters(_ name: FieldName) -> Refusal {
        refusal(name, "control characters are not allowed")
    }

    func integer(_ name: FieldName, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64? {
        guard let value = self[name] else { return nil }
        guard case .integer(let number) = value, range.contains(number) else {
            throw Self.refusal(
                name, "an integer from \(range.lowerBound) to \(range.upperBound) is expected")
        }
        return number
    }

    func flag(_ name: FieldName) throws(Refusal) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let flag) = value else {
            throw Self.refusal(name, "true or false is expected")
        }
        return flag
    }

    /// One of a few words.
    func word<Word>(_ name: FieldName, _ words: [(String, Word)]) throws(Refusal) -> Word? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value, let word = words.first(where: { $0.0 == text })?.1
        else {
            throw Self.refusal(name, "one of \(words.map(\.0).joined(separator: ", ")) is expected")
        }
        return word
    }

    func require<Value>(_ name: FieldName, _ value: Value?) throws(Refusal) -> Value {
        guard let value else { throw Self.refusal(name, "this field is required") }
        return value
    }

    static func refusal(_ field: FieldName, _ detail: String) -> Refusal {
        Refusal(.badRequest, field: field.text, detail: detail)
    }
}
