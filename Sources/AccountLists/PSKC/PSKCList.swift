// PSKC (RFC 6030): keys in XML. A key that is encrypted, that is no TOTP key, or whose token shows
// other codes than its secret makes, must never be taken for one that can be used as it is.

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
                "its KeyContainer is not of RFC 6030: the namespace \(PSKCElement.namespace) is "
                    + "expected")
        }
        guard root.attributes["Version"] ?? "1.0" == "1.0" else {
            throw ListFault("version 1.0 of PSKC is expected")
        }
        for (index, package) in try packages(of: root).enumerated() {
            let row = ListRow(index + 1) { () throws(RowFault) in
                try PSKCPackage(package, at: now).account
            }
            try body(row)
        }
    }

    private static func packages(of root: XMLNode) throws(ListFault) -> [XMLNode] {
        var packages: [XMLNode] = []
        for child in root.children {
            switch (child.namespace, child.name) {
            case (PSKCElement.namespace, "KeyPackage"): packages.append(child)
            // What keys are encrypted with; whether one is, its package says.
            case (PSKCElement.namespace, "EncryptionKey"), (PSKCElement.namespace, "MACMethod"):
                continue
            case (_, "Signature"):
                throw ListFault(
                    "it is signed, which cannot be checked here: check it, and take "
                        + "the Signature out")
            case _: throw ListFault("an element of its KeyContainer is not understood")
            }
        }
        return packages
    }
}
