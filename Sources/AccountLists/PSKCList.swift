// PSKC (RFC 6030): keys in XML. A key that is encrypted, or that is no TOTP key, must never be
// taken for one that can be used as it is.

import Foundation
import FoundationXML

enum PSKCList {
    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        let reader = PSKCReader()
        let parser = XMLParser(data: Data(text.utf8))
        // No DTD, no entity of another file: what a key is stands in this one.
        parser.shouldResolveExternalEntities = false
        parser.shouldProcessNamespaces = true
        parser.delegate = reader
        guard parser.parse() else {
            throw ListFault("it is no well-formed XML, at line \(parser.lineNumber)")
        }
        guard reader.hasContainer else { throw ListFault("it has no KeyContainer of PSKC") }
        for (index, package) in reader.packages.enumerated() {
            try body(ListRow(index + 1) { () throws(RowFault) in try package.checked() })
        }
    }
}

/// A `KeyPackage`, or what is known of it.
private struct KeyPackage {
    var fields = RowFields()
    var algorithm: String?
    var keyID: String?
    var isEncrypted = false
    /// Base64 (RFC 6030 §4.2).
    var secret: String?
    var time: String?

    func checked() throws(RowFault) -> ListedAccount {
        guard algorithm?.hasSuffix(":totp") == true else {
            throw RowFault(field: "Algorithm", "only keys of TOTP have a place here")
        }
        guard !isEncrypted else {
            throw RowFault(
                field: "Secret",
                "it is encrypted; write the file with plain values, on a disk that "
                    + "forgets it")
        }
        var fields = fields
        fields.user = fields.user ?? keyID
        guard let secret, let bytes = Data(base64Encoded: secret) else {
            throw RowFault(field: "Secret", "a PlainValue in base64 is expected")
        }
        fields.secretHex = bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        if let time, !time.isEmpty {
            // The next step to be used, in steps (RFC 6030 §4.3.4).
            guard let next = Int(time), next >= 0 else {
                throw RowFault(field: "Time", "a number of steps is expected")
            }
            if next > 0 { fields.lastStep = String(next - 1) }
        }
        return try fields.checked()
    }
}

private final class PSKCReader: NSObject, XMLParserDelegate {
    private(set) var packages: [KeyPackage] = []
    private(set) var hasContainer = false
    private var path: [String] = []
    private var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        path.append(name)
        text = ""
        switch name {
        case "KeyContainer": hasContainer = true
        case "KeyPackage": packages.append(KeyPackage())
        case "Key":
            change {
                $0.algorithm = attributes["Algorithm"]
                $0.keyID = attributes["Id"]
            }
        case "ResponseFormat": change { $0.fields.digits = attributes["Length"] }
        case "EncryptedValue": change { $0.isEncrypted = true }
        default: break  // Elements that say nothing of what an account is made of.
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let parent = path.dropLast().last
        switch (name, parent) {
        case ("UserId", _): change { $0.fields.user = Self.name(inUserID: value) }
        case ("Suite", _): change { $0.fields.algorithm = value }
        case ("PlainValue", "Secret"): change { $0.secret = value }
        case ("PlainValue", "Time"): change { $0.time = value }
        case ("PlainValue", "TimeInterval"): change { $0.fields.period = value }
        default: break  // Elements that say nothing of what an account is made of.
        }
        path.removeLast()
        text = ""
    }

    private func change(_ body: (inout KeyPackage) -> Void) {
        guard !packages.isEmpty else { return }
        body(&packages[packages.count - 1])
    }

    /// A user is a distinguished name there (RFC 6030 §4.3.1): of `CN=ada,O=Example` it is `ada`.
    private static func name(inUserID text: String) -> String {
        let first = text.split(separator: ",").first { part in
            ["CN=", "UID="].contains { part.trimmingCharacters(in: .whitespaces).hasPrefix($0) }
        }
        guard let name = first?.split(separator: "=", maxSplits: 1).last else { return text }
        return name.trimmingCharacters(in: .whitespaces)
    }
}
