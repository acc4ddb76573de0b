// PSKC (RFC 6030): keys in XML. A key is refused if it is encrypted, is no TOTP key, or has a token
// that shows other codes than the secret makes.

import Accounts

enum PSKCList {
    static func read(
        _ text: String, at now: Instant, _ body: (ListRow) throws -> Void
    ) throws {
        let root = try XMLTree.parse(text)
        guard root.name == "KeyContainer" else {
            throw ListFault("it has no KeyContainer of PSKC")
        }
        guard root.namespace == PSKCElement.namespace else {
            throw ListFault(
                "its KeyContainer is not that of RFC 6030: the namespace "
                    + "\(PSKCElement.namespace) is expected")
        }
        guard root.attributes["Version"] == "1.0" else {
            throw ListFault("its KeyContainer is not of Version 1.0 of PSKC")
        }
        guard root.foreignAttribute(beside: attributes) == nil else {
            throw ListFault("its KeyContainer has an attribute that is not understood")
        }
        guard root.hasBlankText else {
            throw ListFault("its KeyContainer has a text where only elements are expected")
        }
        for (index, package) in try packages(of: root).enumerated() {
            let row = ListRow(index + 1) { () throws(RowFault) in
                try PSKCPackage(package, at: now).account
            }
            try body(row)
        }
    }

    /// Where the schema lies says nothing of a key.
    private static let attributes: Set<String> = ["Version", "Id", "xsi:schemaLocation"]

    private static func packages(of root: XMLNode) throws(ListFault) -> [XMLNode] {
        var packages: [XMLNode] = []
        for child in root.children {
            switch (child.namespace, child.name) {
            case (PSKCElement.namespace, "KeyPackage"): packages.append(child)
            // What keys are encrypted with; whether one is, its package says.
            case (PSKCElement.namespace, "EncryptionKey"), (PSKCElement.namespace, "MACMethod"):
                guard !child.children.isEmpty else {
                    throw ListFault("its \(child.name) is empty, so nobody knows what is encrypted")
                }
            case (_, "Signature"):
                throw ListFault(
                    "it is signed, and totpctl cannot check that: check it, and remove "
                        + "the Signature")
            case _:
                let name = ShownName.quoted(child.name).map { " \($0)" } ?? ""
                throw ListFault("its KeyContainer has an element\(name), which is not understood")
            }
        }
        return packages
    }
}
