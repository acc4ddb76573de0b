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
