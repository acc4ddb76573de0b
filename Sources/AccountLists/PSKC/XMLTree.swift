// The one place that knows an XML parser: text in, elements out. It refuses document types, since
// they can read other files, and a kilobyte of entities can expand to a gigabyte.

import CExpat

enum XMLTree {
    /// PSKC needs nine levels, and encrypted values a few more.
    private static let depthMax = 32
    /// Expat counts a piece in an `Int32`.
    private static let pieceBytesMax = 1 << 20
    /// Between the parts of a name, where Expat resolves namespaces. XML has no such character.
    private static let separator: Character = "\u{1}"

    /// Of a key package about 20: 100,000 keys, in about a gigabyte of memory.
    static let elementsMax = 1 << 21

    /// - Parameter text: whatever its declaration says of an encoding, this is decoded already.
    static func parse(_ text: String) throws(ListFault) -> XMLNode {
        // Anywhere: a document type may only stand in front, but nothing is lost by a file that
        // speaks of one in a remark, and nothing has to be parsed to know.
        guard !text.contains("<!DOCTYPE"), !text.contains("<!ENTITY") else {
            throw ListFault("it has a document type (DTD), which PSKC does not allow: remove it")
        }
        let content = withoutDeclaration(text)
        guard !content.contains("<?") else {
            throw ListFault("it has a processing instruction (<?), which PSKC has not: remove it")
        }
        guard let parser = XML_ParserCreateNS("UTF-8", XML_Char(separator.asciiValue ?? 0)) else {
            throw ListFault("there is no memory to read its XML")
        }
        defer { XML_ParserFree(parser) }
        let builder = Builder(parser, depthMax: depthMax)
        builder.listen()
        let isWhole = withExtendedLifetime(builder) { feed(Array(content.utf8), to: parser) }
        guard !builder.isTooLong else {
            throw ListFault("it has more than \(elementsMax) elements: divide it")
        }
        guard !builder.isTooDeep else { throw ListFault("its elements are nested too deeply") }
        guard isWhole, let root = builder.root else {
            throw ListFault("its XML is malformed, at line \(XML_GetCurrentLineNumber(parser))")
        }
        return root
    }

    /// Whether all of it is well-formed.
    private static func feed(_ bytes: [UInt8], to parser: XML_Parser) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            repeat {
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(pieceBytesMax))
                rest = rest.dropFirst(pieceBytesMax)
                let start = piece.assumingMemoryBound(to: CChar.self).baseAddress
                guard
                    XML_Parse(parser, start, Int32(piece.count), rest.isEmpty ? 1 : 0)
                        == XML_STATUS_OK
                else { return false }
            } while !rest.isEmpty
            return true
        }
    }

    /// The declaration names an encoding, which was that of the file's bytes.
    private static func withoutDeclaration(_ text: String) -> Substring {
        // `<?xml-stylesheet` is none.
        guard text.hasPrefix("<?xml"), !text.hasPrefix("<?xml-"),
            let end = text.firstRange(of: "?>")
        else { return text[...] }
        // The lines stay, so that a fault names the right one.
        let lines = text[..<end.upperBound].filter(\.isNewline).count
        guard lines > 0 else { return text[end.upperBound...] }
        return Substring(String(repeating: "\n", count: lines) + text[end.upperBound...])
    }

    private struct Open {
        let name: String
        let namespace: String
        let attributes: [String: String]
        var children: [XMLNode] = []
        var text = ""
        var hasRemark = false
    }

    /// Expat keeps its address while it parses, and calls it from nowhere else.
    private final class Builder {
        private let parser: XML_Parser
        private let depthMax: Int
        private var open: [Open] = []
        private(set) var root: XMLNode?
        private(set) var isTooDeep = false
        private(set) var isTooLong = false
        private var count = 0

        init(_ parser: XML_Parser, depthMax: Int) {
            self.parser = parser
            self.depthMax = depthMax
        }

        func listen() {
            XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
            // An attribute's name keeps its prefix.
            XML_SetReturnNSTriplet(parser, 1)
            XML_SetElementHandler(
                parser,
                { Builder.of($0)?.start($1, $2) },
                { builder, _ in Builder.of(builder)?.end() })
            XML_SetCharacterDataHandler(parser) { builder, characters, count in
                let bytes = UnsafeRawBufferPointer(start: characters, count: Int(count))
                Builder.of(builder)?.add(String(decoding: bytes, as: UTF8.self))
            }
            XML_SetCommentHandler(parser) { builder, _ in Builder.of(builder)?.remark() }
        }

        private static func of(_ address: UnsafeMutableRawPointer?) -> Builder? {
            address.map { Unmanaged<Builder>.fromOpaque($0).takeUnretainedValue() }
        }

        private func start(
            _ name: UnsafePointer<XML_Char>?,
            _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
        ) {
            guard !isTooDeep, !isTooLong, let name else { return }
            count += 1
            guard count <= XMLTree.elementsMax else {
                isTooLong = true
                XML_StopParser(parser, 0)
                return
            }
            guard open.count < depthMax else {
                isTooDeep = true
                XML_StopParser(parser, 0)
                return
            }
            let parts = Self.parts(of: name)
            var known: [String: String] = [:]
            var next = attributes
            while let pair = next, let name = pair[0], let value = pair[1] {
                let parts = Self.parts(of: name)
                let full = parts.prefix.map { "\($0):\(parts.name)" } ?? parts.name
                known[full] = String(cString: value)
                next = pair + 2
            }
            open.append(Open(name: parts.name, namespace: parts.namespace, attributes: known))
        }

        /// `name`, `namespace⍽name` or `namespace⍽name⍽prefix`.
        private static func parts(
            of name: UnsafePointer<XML_Char>
        ) -> (namespace: String, name: String, prefix: String?) {
            let parts = String(cString: name).split(
                separator: separator, omittingEmptySubsequences: false
            ).map(String.init)
            guard parts.count > 1 else { return ("", parts[0], nil) }
            return (parts[0], parts[1], parts.count > 2 ? parts[2] : nil)
        }

        private func end() {
            guard !isTooDeep, !isTooLong, let ended = open.popLast() else { return }
            let node = XMLNode(
                name: ended.name, namespace: ended.namespace, attributes: ended.attributes,
                children: ended.children, text: ended.text, hasRemark: ended.hasRemark)
            if open.isEmpty { root = node } else { open[open.count - 1].children.append(node) }
        }

        private func add(_ text: String) {
            guard !open.isEmpty else { return }
            open[open.count - 1].text += text
        }

        private func remark() {
            guard !open.isEmpty else { return }
            open[open.count - 1].hasRemark = true
        }
    }
}
