// The one place that knows an XML parser: text in, elements out. It refuses document types, since
// they can read other files, and a kilobyte of entities can expand to a gigabyte.

import Foundation
import FoundationXML

enum XMLTree {
    /// PSKC needs nine levels, and encrypted values a few more.
    private static let depthMax = 32

    /// - Parameter text: whatever its declaration says of an encoding, this is decoded already.
    static func parse(_ text: String) throws(ListFault) -> XMLNode {
        // Anywhere: a document type may only stand in front, but nothing is lost by a file that
        // speaks of one in a remark, and nothing has to be parsed to know.
        guard !text.contains("<!DOCTYPE"), !text.contains("<!ENTITY") else {
            throw ListFault("it has a document type (DTD), which PSKC does not allow: remove it")
        }
        let content = withoutDeclaration(text)
        // Foundation's parser crashes at one without data, and PSKC has no use for any.
        guard !content.contains("<?") else {
            throw ListFault("it has a processing instruction (<?), which PSKC has not: remove it")
        }
        let builder = Builder(depthMax: depthMax)
        let parser = XMLParser(data: Data(content.utf8))
        parser.shouldResolveExternalEntities = false
        parser.shouldProcessNamespaces = true
        parser.delegate = builder
        let isWhole = parser.parse()
        guard !builder.isTooDeep else { throw ListFault("its elements are nested too deeply") }
        guard isWhole, let root = builder.root else {
            throw ListFault("its XML is malformed, at line \(parser.lineNumber)")
        }
        return root
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

    private final class Builder: NSObject, XMLParserDelegate {
        private let depthMax: Int
        private var open: [Open] = []
        private(set) var root: XMLNode?
        private(set) var isTooDeep = false

        init(depthMax: Int) { self.depthMax = depthMax }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            guard open.count < depthMax else {
                isTooDeep = true
                return parser.abortParsing()
            }
            open.append(Open(name: name, namespace: namespaceURI ?? "", attributes: attributes))
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { add(string) }

        func parser(_ parser: XMLParser, foundCDATA block: Data) {
            add(String(decoding: block, as: UTF8.self))
        }

        func parser(_ parser: XMLParser, foundComment comment: String) {
            guard !open.isEmpty else { return }
            open[open.count - 1].hasRemark = true
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
            qualifiedName: String?
        ) {
            guard let ended = open.popLast() else { return }
            let node = XMLNode(
                name: ended.name, namespace: ended.namespace, attributes: ended.attributes,
                children: ended.children, text: ended.text, hasRemark: ended.hasRemark)
            if open.isEmpty { root = node } else { open[open.count - 1].children.append(node) }
        }

        private func add(_ text: String) {
            guard !open.isEmpty else { return }
            open[open.count - 1].text += text
        }
    }
}
