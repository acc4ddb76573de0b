// The fields of one request, read strictly: the right type, within limits, and none that nobody
// asked for. A refusal names the field and never repeats its value.

import Accounts

struct Fields {
    private let fields: [JSONField]

    init(_ fields: [JSONField]) { self.fields = fields }

    subscript(_ name: String) -> JSONValue? {
        fields.first { $0.name == name }?.value
    }

    /// Refuses fields that the operation does not have.
    func refuseAll(but known: [String]) throws(Refusal) {
        for field in fields where !known.contains(field.name) {
            throw Self.refusal(JSONFault.printable(field.name), "there is no such field here")
        }
    }

    func text(_ name: String, bytes: ClosedRange<Int>) throws(Refusal) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else {
            throw Self.refusal(name, "a string is expected")
        }
        guard bytes.contains(text.utf8.count) else {
            throw Self.refusal(
                name, "\(bytes.lowerBound) to \(bytes.upperBound) bytes are expected")
        }
        return text
    }

    /// Text that is shown or logged: without control characters.
    func plainText(_ name: String, bytes: ClosedRange<Int>) throws(Refusal) -> String? {
        guard let text = try text(name, bytes: bytes) else { return nil }
        guard !text.hasControlCharacters else {
            throw Self.refusal(name, "control characters are not allowed")
        }
        return text
    }

    func integer(_ name: String, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64? {
        guard let value = self[name] else { return nil }
        guard case .integer(let number) = value, range.contains(number) else {
            throw Self.refusal(
                name, "an integer from \(range.lowerBound) to \(range.upperBound) is expected")
        }
        return number
    }

    func flag(_ name: String) throws(Refusal) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let flag) = value else {
            throw Self.refusal(name, "true or false is expected")
        }
        return flag
    }

    /// One of a few words.
    func word<Word>(_ name: String, _ words: [(String, Word)]) throws(Refusal) -> Word? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value, let word = words.first(where: { $0.0 == text })?.1
        else {
            throw Self.refusal(name, "one of \(words.map(\.0).joined(separator: ", ")) is expected")
        }
        return word
    }

    func require<Value>(_ name: String, _ value: Value?) throws(Refusal) -> Value {
        guard let value else { throw Self.refusal(name, "this field is required") }
        return value
    }

    static func refusal(_ field: String, _ detail: String) -> Refusal {
        Refusal(.badRequest, field: field, detail: detail)
    }
}
