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

    /// Nil for what is no JSON.
    init?(_ text: String) {
        // The reader wants an object.
        let bytes = Array("{\"\":\(text)}".utf8)
        let tree = bytes.withUnsafeBytes { bytes -> JSONTree? in
            var tree: JSONTree?
            do throws(JSONFault) {
                try JSONReader.read(bytes) { reader throws(JSONFault) in
                    tree = try reader.tree(depth: 0)
                }
            } catch {
                return nil
            }
            return tree
        }
        guard case .object(let outer) = tree, outer.count == 1, let inner = outer[""] else {
            return nil
        }
        self = inner
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
    /// The value that begins here.
    fileprivate mutating func tree(depth: Int) throws(JSONFault) -> JSONTree {
        guard depth < Self.skippedDepthMax else { throw fault(.tooDeep) }
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
                found[name] = try reader.tree(depth: depth + 1)
            }
            return .object(found)
        case UInt8(ascii: "["): return .array(try elements(depth: depth))
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

    private mutating func elements(depth: Int) throws(JSONFault) -> [JSONTree] {
        position += 1
        skipWhitespace()
        guard try peek() != UInt8(ascii: "]") else {
            position += 1
            return []
        }
        var elements: [JSONTree] = []
        while true {
            elements.append(try tree(depth: depth + 1))
            skipWhitespace()
            guard try peek() == UInt8(ascii: ",") else { break }
            position += 1
            skipWhitespace()
        }
        try expect(UInt8(ascii: "]"))
        return elements
    }
}
