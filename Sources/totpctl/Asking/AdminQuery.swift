// A request line in the making. Do not print it: an import's holds a secret.

import FoundationEssentials

struct AdminQuery: Encodable {
    private enum Value {
        case text(String)
        case number(Int)
        case flag(Bool)
        case texts([String])
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private var fields: [(name: String, value: Value)]

    init(_ op: String) { fields = [("op", .text(op))] }

    /// Adds a field; nil leaves it out.
    func with(_ name: String, _ text: String?) -> AdminQuery {
        adding(name, text.map { .text($0) })
    }
    func with(_ name: String, _ number: Int?) -> AdminQuery {
        adding(name, number.map { .number($0) })
    }
    func with(_ name: String, _ flag: Bool?) -> AdminQuery { adding(name, flag.map { .flag($0) }) }
    func with(_ name: String, _ texts: [String]?) -> AdminQuery {
        adding(name, texts.map { .texts($0) })
    }

    private func adding(_ name: String, _ value: Value?) -> AdminQuery {
        guard let value else { return self }
        var longer = self
        longer.fields.append((name, value))
        return longer
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        for (name, value) in fields {
            let key = Name(stringValue: name)
            switch value {
            case .text(let text): try object.encode(text, forKey: key)
            case .number(let number): try object.encode(number, forKey: key)
            case .flag(let flag): try object.encode(flag, forKey: key)
            case .texts(let texts): try object.encode(texts, forKey: key)
            }
        }
    }

    /// Without its LF.
    var line: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }
}
