// Elements of PSKC whose parts `PSKCRule` has checked, taken apart by name.

struct PSKCElement {
    static let namespace = "urn:ietf:params:xml:ns:keyprov:pskc"

    private let node: XMLNode
    var name: String { node.name }
    var text: String { node.text.trimmed }

    init(_ node: XMLNode) { self.node = node }

    func attribute(_ name: String) -> String? { node.attributes[name] }

    /// The children by name, in their order.
    var parts: [String: [PSKCElement]] {
        Dictionary(grouping: node.children.map(PSKCElement.init), by: \.name)
    }

    /// Of `<Secret>`, `<Time>` and their like: what is in their `<PlainValue>`.
    var plainValue: String {
        get throws(RowFault) {
            let parts = parts
            guard parts["EncryptedValue"] == nil else {
                throw RowFault(
                    field: name,
                    "it is encrypted; write the file with plain values, to a file system in memory")
            }
            guard parts["ValueMAC"] == nil else {
                throw RowFault(field: name, "it has a MAC, which totpctl cannot check")
            }
            guard let value = parts.one("PlainValue") else {
                throw RowFault(field: name, "a PlainValue is expected")
            }
            guard !value.text.isEmpty else { throw RowFault(field: name, "it is empty") }
            return value.text
        }
    }
}

extension [String: [PSKCElement]] {
    func one(_ name: String) -> PSKCElement? { self[name]?.first }
}
