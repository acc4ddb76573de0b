// An element of an XML text, once it has ended.

struct XMLNode {
    let name: String
    let namespace: String
    let attributes: [String: String]
    let children: [XMLNode]
    /// What stands in it, apart from its children.
    let text: String
}
