// Elements of PSKC, taken apart by name. RFC 6030 §4.3.4 says: do not use a key if you do not
// understand a part of its policy. Here that holds for every part.

struct PSKCElement {
    static let namespace = "urn:ietf:params:xml:ns:keyprov:pskc"

    private let node: XMLNode
    var name: String { node.name }
    var text: String { node.text.trimmed }

    init(_ node: XMLNode) { self.node = node }

    func attribute(_ name: String) -> String? { node.attributes[name] }

    /// The children that may be here, each at most once; `many` may come more often.
    func children(
        _ known: Set<String>, many: Set<String> = []
    ) throws(RowFault) -> [String: [PSKCElement]] {
        var found: [String: [PSKCElement]] = [:]
        for child in node.children {
            guard child.namespace == Self.namespace, known.contains(child.name) else {
                throw RowFault(field: name, "it has an element that is not understood")
            }
            found[child.name, default: []].append(PSKCElement(child))
        }
        if let twice = found.first(where: { $0.value.count > 1 && !many.contains($0.key) })?.key {
            throw RowFault(field: twice, "it is there twice")
        }
        return found
    }

    func expectAttributes(_ known: Set<String>) throws(RowFault) {
        // Namespaces and languages say nothing of a key.
        let unknown = node.attributes.keys.first {
            !known.contains($0) && !$0.hasPrefix("xmlns") && !$0.hasPrefix("xml:")
        }
        guard unknown == nil else {
            throw RowFault(field: name, "it has an attribute that is not understood")
        }
    }

    /// Of `<Secret>`, `<Time>` and their like: what is in their `<PlainValue>`.
    var plainValue: String {
        get throws(RowFault) {
            let parts = try children(["PlainValue", "EncryptedValue", "ValueMAC"])
            guard parts["EncryptedValue"] == nil else {
                throw RowFault(
                    field: name,
                    "it is encrypted; write the file with plain values, to a file system in memory")
            }
            guard parts["ValueMAC"] == nil else {
                throw RowFault(field: name, "it has a MAC, which totpctl cannot check")
            }
            guard let value = parts["PlainValue"]?.first, value.node.children.isEmpty else {
                throw RowFault(field: name, "a PlainValue is expected")
            }
            return value.text
        }
    }
}

extension [String: [PSKCElement]] {
    func one(_ name: String) -> PSKCElement? { self[name]?.first }
}
