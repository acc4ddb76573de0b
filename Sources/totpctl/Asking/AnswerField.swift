// A field of an answer, whatever is in it: for what is shown without being understood.

enum AnswerField: Codable {
    case nothing
    case flag(Bool)
    case number(Int)
    case text(String)
    case list([AnswerField])
    case fields([String: AnswerField])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .nothing
        } else if let flag = Self.read(Bool.self, value) {
            self = .flag(flag)
        } else if let number = Self.read(Int.self, value) {
            self = .number(number)
        } else if let text = Self.read(String.self, value) {
            self = .text(text)
        } else if let list = Self.read([AnswerField].self, value) {
            self = .list(list)
        } else {
            self = .fields(try value.decode([String: AnswerField].self))
        }
    }

    private static func read<Value: Decodable>(
        _ type: Value.Type, _ value: any SingleValueDecodingContainer
    ) -> Value? {
        do {
            return try value.decode(type)
        } catch {
            // It is of another type.
            return nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .nothing: try value.encodeNil()
        case .flag(let flag): try value.encode(flag)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let list): try value.encode(list)
        case .fields(let fields): try value.encode(fields)
        }
    }
}

// MARK: - For people

extension AnswerField {
    /// With its unit; nil where there is more than one.
    func figure(named name: String) -> String? {
        switch self {
        case .nothing: "none"
        case .flag(let flag): flag ? "yes" : "no"
        case .number(let number): Figure.text(number, named: name)
        case .text(let text): text
        case .list, .fields: nil
        }
    }

    /// Each by its path: `verify.ok`.
    func figures(below path: String = "") -> [(String, String?)] {
        let parts: [(String, AnswerField)]
        switch self {
        case .list(let list): parts = list.enumerated().map { ("\($0)", $1) }
        case .fields(let fields): parts = fields.sorted { $0.key < $1.key }
        case .nothing, .flag, .number, .text: return []
        }
        return parts.flatMap { name, field in
            let path = path.isEmpty ? name : "\(path).\(name)"
            return field.figure(named: name).map { [(path, $0)] } ?? field.figures(below: path)
        }
    }
}
