// The JSON of another program as a tree, read by the reader of the protocol: strict RFC 8259, each
// name once in its object. Numbers stay as they were written, so that none is rounded.

import JSON

indirect enum JSONTree {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// Of all objects and arrays together: about a gigabyte of memory, and 100,000 entries of the
    /// longest backup.
    static let valuesMax = 1 << 22

    /// Throws `tooManyElements` for more values than those, and others for what is no JSON.
    init(_ text: String, atMost valuesMax: Int = valuesMax) throws(JSONFault) {
        // The reader wants an object.
        let bytes = Array("{\"\":\(text)}".utf8)
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(JSONFault) in
                var tree = JSONTree.null
                try JSONReader.read(bytes) { reader throws(JSONFault) in
                    var left = valuesMax
                    tree = try reader.tree(depth: 0, &left)
                }
                return tree
            }
        }
        guard case .object(let outer) = try result.get(), outer.count == 1, let inner = outer[""]
        else { throw JSONFault(reason: .trailingBytes, offset: 0) }
        self = inner
    }

    var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }

    var fields: [String: JSONTree]? {
        guard case .object(let fields) = self else { return nil }
        return fields
    }

    var elements: [JSONTree]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

extension JSONReader {
    /// The value that begins here, with at most `left` others in it.
    fileprivate mutating func tree(depth: Int, _ left: inout Int) throws(JSONFault) -> JSONTree {
        guard depth < Self.skippedDepthMax else { throw fault(.tooDeep) }
        guard left > 0 else { throw fault(.tooManyElements) }
        left -= 1
        let start = position
        switch try peek() {
        case UInt8(ascii: "{"):
            var found: [String: JSONTree] = [:]
            try fields(atMost: .max) { reader throws(JSONFault) in
                let name = try reader.string()
                guard found[name] == nil else { throw reader.fault(.duplicateName) }
                reader.skipWhitespace()
                try reader.expect(UInt8(ascii: ":"))
                reader.skipWhitespace()
                found[name] = try reader.tree(depth: depth + 1, &left)
            }
            return .object(found)
        case UInt8(ascii: "["):
            var found: [JSONTree] = []
            try elements(atMost: .max) { reader throws(JSONFault) in
                found.append(try reader.tree(depth: depth + 1, &left))
            }
            return .array(found)
        case UInt8(ascii: "\""): return .text(try string())
        case _:
            try skipAnyValue(depth: depth)
            let word = String(decoding: bytes[start..<position], as: UTF8.self)
            switch word {
            case "null": return .null
            case "true", "false": return .bool(word == "true")
            case _: return .number(word)
            }
        }
    }
}
