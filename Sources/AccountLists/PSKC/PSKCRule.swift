// What each element of PSKC may have in it: the schema of RFC 6030 §11, less the parts that say
// something totpd could not follow. RFC 6030 §4.3.4 forbids the use of a key of whose policy a part
// is not understood. Here that holds for every part.

struct PSKCRule {
    enum Content {
        case nothing
        case text
        /// Not looked into, since whoever reads the key refuses the element itself.
        case anything
        case elements([String: PSKCRule])
    }

    private let content: Content
    private let attributes: Set<String>
    /// Whether it may be there more than once.
    private let isMany: Bool

    private init(_ content: Content, attributes: Set<String> = [], isMany: Bool = false) {
        self.content = content
        self.attributes = attributes
        self.isMany = isMany
    }

    /// Throws at the first part of an element that has no place there.
    func check(_ node: XMLNode) throws(RowFault) {
        if let unknown = node.foreignAttribute(beside: attributes) {
            throw Self.fault(node, "it has an attribute\(Self.shown(unknown)), which")
        }
        switch content {
        case .anything: return
        case .nothing: try Self.expectNothing(node)
        case .text: try Self.expectText(node)
        case .elements(let rules): try Self.expect(rules, in: node)
        }
    }

    private static func expectNothing(_ node: XMLNode) throws(RowFault) {
        if let child = node.children.first {
            throw fault(node, "it has an element\(shown(child.name)), which")
        }
        guard node.hasBlankText else { throw fault(node, "it has a text, which") }
    }

    private static func expectText(_ node: XMLNode) throws(RowFault) {
        if let child = node.children.first {
            throw fault(node, "it has an element\(shown(child.name)) where only text is expected")
        }
        guard !node.hasRemark else {
            throw fault(node, "a comment divides its text: remove the comment")
        }
    }

    private static func expect(
        _ rules: [String: PSKCRule], in node: XMLNode
    ) throws(RowFault) {
        guard node.hasBlankText else {
            throw fault(node, "it has a text where only elements are expected")
        }
        var found: Set<String> = []
        for child in node.children {
            guard child.namespace == PSKCElement.namespace, let rule = rules[child.name] else {
                throw fault(node, "it has an element\(shown(child.name)), which")
            }
            guard found.insert(child.name).inserted || rule.isMany else {
                throw fault(child, "it is there twice")
            }
            try rule.check(child)
        }
    }

    private static func fault(_ node: XMLNode, _ text: String) -> RowFault {
        RowFault(
            field: node.name, text.hasSuffix(", which") ? text + " is not understood" : text)
    }

    /// ` 'name'`, or nothing when the name could be a secret.
    private static func shown(_ name: String) -> String {
        let isKnown = unsupported.contains(name)
        return (isKnown ? "'\(name)'" : ShownName.quoted(name)).map { " " + $0 } ?? ""
    }

    /// Of the schema, and longer than what is shown of an unknown name.
    private static let unsupported: Set<String> = ["NumberOfTransactions", "AlgorithmParameters"]
}

// MARK: - The schema

extension PSKCRule {
    static let package = PSKCRule(
        .elements(["DeviceInfo": device, "CryptoModuleInfo": module, "Key": key]))

    private static let device = PSKCRule(
        .elements([
            "Manufacturer": text, "SerialNo": text, "Model": text, "IssueNo": text,
            "DeviceBinding": text, "StartDate": text, "ExpiryDate": text, "UserId": text,
        ]))

    private static let module = PSKCRule(.elements(["Id": text]))

    private static let key = PSKCRule(
        .elements([
            "Issuer": text, "AlgorithmParameters": parameters,
            "FriendlyName": PSKCRule(.text, isMany: true), "KeyReference": text, "Data": data,
            "UserId": text, "Policy": policy,
        ]), attributes: ["Id", "Algorithm"])

    /// Without ChallengeFormat: a challenge would be part of every code.
    private static let parameters = PSKCRule(
        .elements([
            "Suite": text,
            "ResponseFormat": PSKCRule(
                .nothing, attributes: ["Encoding", "Length", "CheckDigits"]),
        ]))

    private static let data = PSKCRule(
        .elements([
            "Secret": value, "Counter": value, "Time": value, "TimeInterval": value,
            "TimeDrift": value,
        ]))

    private static let value = PSKCRule(
        .elements([
            "PlainValue": text, "EncryptedValue": PSKCRule(.anything),
            "ValueMAC": PSKCRule(.anything),
        ]))

    private static let policy = PSKCRule(
        .elements([
            "StartDate": text, "ExpiryDate": text,
            "PINPolicy": PSKCRule(
                .nothing,
                attributes: [
                    "PINKeyId", "PINUsageMode", "MaxFailedAttempts", "MinLength", "MaxLength",
                    "PINEncoding",
                ]), "KeyUsage": PSKCRule(.text, isMany: true),
        ]))

    private static let text = PSKCRule(.text)
}
