// An element of an XML text, once it has ended.

struct XMLNode {
    let name: String
    let namespace: String
    let attributes: [String: String]
    let children: [XMLNode]
    /// What stands in it, apart from its children.
    let text: String
    /// A comment stands in it.
    let hasRemark: Bool

    /// Nothing but the white space of XML.
    var hasBlankText: Bool { text.trimmed.isEmpty }

    /// The first attribute that is not in `known`; namespaces and languages say nothing of a key.
    func foreignAttribute(beside known: Set<String>) -> String? {
        attributes.keys.sorted().first {
            !known.contains($0) && $0 != "xml:lang" && $0 != "xmlns" && !$0.hasPrefix("xmlns:")
        }
    }
}
