// A key package of PSKC as a row: one device, its one key, and what the key's issuer allows. A part
// that is not listed here makes the row wrong.

import Accounts
import Foundation
import OneTimeCodes

struct PSKCPackage {
    private let now: Instant
    private var fields = RowFields()
    /// The distinguished name of whom the device, and the key, belong to.
    private var users: [PSKCElement] = []
    private var keyID: String?

    init(_ node: XMLNode, at now: Instant) throws(RowFault) {
        self.now = now
        let parts = try PSKCElement(node).children(["DeviceInfo", "CryptoModuleInfo", "Key"])
        if let device = parts.one("DeviceInfo") { try read(device: device) }
        guard let key = parts.one("Key") else { throw RowFault("the package has no Key") }
        try read(key: key)
    }

    var account: ListedAccount {
        get throws(RowFault) {
            var fields = fields
            fields.user = try user
            return try fields.checked()
        }
    }

    private var user: String? {
        get throws(RowFault) {
            var names: [String] = []
            for user in users { names.append(try DistinguishedName.user(in: user.text)) }
            guard let first = names.first else { return keyID }
            guard names.allSatisfy({ $0.utf8.elementsEqual(first.utf8) }) else {
                throw RowFault(field: "UserId", "the device and its key name different users")
            }
            return first
        }
    }

    private mutating func read(device: PSKCElement) throws(RowFault) {
        let parts = try device.children([
            "Manufacturer", "SerialNo", "Model", "IssueNo", "DeviceBinding", "StartDate",
            "ExpiryDate", "UserId",
        ])
        users += parts["UserId"] ?? []
        try read(datesOf: parts)
    }

    private mutating func read(key: PSKCElement) throws(RowFault) {
        try key.expectAttributes(["Id", "Algorithm"])
        guard Self.isTOTP(key.attribute("Algorithm") ?? "") else {
            throw RowFault(field: "Algorithm", "only TOTP keys are supported")
        }
        keyID = key.attribute("Id")
        let parts = try key.children(
            [
                "Issuer", "AlgorithmParameters", "FriendlyName", "KeyReference", "Data", "UserId",
                "Policy",
            ], many: ["FriendlyName"])
        users += parts["UserId"] ?? []
        if let parameters = parts.one("AlgorithmParameters") { try read(parameters: parameters) }
        guard let data = parts.one("Data") else {
            throw RowFault(field: "Secret", "it is missing")
        }
        try read(data: data)
        if let policy = parts.one("Policy") { try read(policy: policy) }
    }

    /// With either sign before the word, as the drafts of RFC 6030 and some vendors have it.
    private static func isTOTP(_ algorithm: String) -> Bool {
        [
            "urn:ietf:params:xml:ns:keyprov:pskc:totp", "urn:ietf:params:xml:ns:keyprov:pskc#totp",
            "http://www.ietf.org/keyprov/pskc#totp",
        ].contains(algorithm.trimmed.lowercased())
    }

    private mutating func read(parameters: PSKCElement) throws(RowFault) {
        // A challenge would be part of every code.
        let parts = try parameters.children(["Suite", "ResponseFormat"])
        fields.algorithm = parts.one("Suite")?.text
        guard let format = parts.one("ResponseFormat") else { return }
        try format.expectAttributes(["Length", "Encoding", "CheckDigits"])
        guard format.attribute("Encoding") ?? "DECIMAL" == "DECIMAL" else {
            throw RowFault(field: "ResponseFormat", "codes of DECIMAL digits are expected")
        }
        guard ["false", "0"].contains(format.attribute("CheckDigits") ?? "false") else {
            throw RowFault(
                field: "ResponseFormat", "the token adds a check digit, so no code would match")
        }
        guard let length = format.attribute("Length")?.trimmed, !length.isEmpty else {
            throw RowFault(field: "ResponseFormat", "its Length is missing")
        }
        fields.digits = length
    }

    private mutating func read(data: PSKCElement) throws(RowFault) {
        let parts = try data.children(["Secret", "Counter", "Time", "TimeInterval", "TimeDrift"])
        guard let secret = parts.one("Secret") else {
            throw RowFault(field: "Secret", "it is missing")
        }
        let base64 = try secret.plainValue.filter { !$0.isWhitespace }
        guard let bytes = Data(base64Encoded: base64) else {
            throw RowFault(field: "Secret", "a PlainValue in base64 is expected")
        }
        guard !bytes.isEmpty else { throw RowFault(field: "Secret", "it is missing") }
        fields.secretHex = bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        fields.period = try parts.one("TimeInterval")?.plainValue
        for name in ["Counter", "TimeDrift"] {
            guard try parts.one(name)?.plainValue ?? "0" == "0" else {
                throw RowFault(
                    field: name,
                    name == "Counter"
                        ? "a token with a counter is not a TOTP token"
                        : "the token's clock drifts, and totpd cannot store a drift: its codes "
                            + "would be refused")
            }
        }
        try read(time: parts.one("Time")?.plainValue)
    }

    /// The next step to be used, in steps (RFC 6030 §4.2).
    private mutating func read(time: String?) throws(RowFault) {
        guard let time else { return }
        guard let next = RowFields.plainNumber(time), next < 1 << 40 else {
            throw RowFault(field: "Time", "a number of steps is expected")
        }
        let period = fields.period.flatMap(RowFields.plainNumber) ?? CodeParameters.standard.period
        guard period > 0, Int64(next) <= now.seconds / Int64(period) + 2 else {
            throw RowFault(
                field: "Time", "it is in the future: a number of steps is expected, not seconds")
        }
        if next > 0 { fields.lastStep = String(next - 1) }
    }
}

// MARK: - What the key may be used for

extension PSKCPackage {
    private mutating func read(policy: PSKCElement) throws(RowFault) {
        let parts = try policy.children(
            ["StartDate", "ExpiryDate", "PINPolicy", "KeyUsage"], many: ["KeyUsage"])
        try read(datesOf: parts)
        if let pin = parts.one("PINPolicy"), pin.attribute("PINUsageMode") != "Local" {
            throw RowFault(
                field: "PINPolicy",
                "only a PIN that is typed into the token (Local) leaves its codes as they are")
        }
        let usages = parts["KeyUsage"] ?? []
        guard usages.isEmpty || usages.contains(where: { $0.text == "OTP" }) else {
            throw RowFault(field: "KeyUsage", "the key is not for one-time codes")
        }
    }

    /// An expired token still shows codes, and its owner may have no other: the admin decides.
    private mutating func read(datesOf parts: [String: [PSKCElement]]) throws(RowFault) {
        for (name, words) in [("StartDate", "begins"), ("ExpiryDate", "ended")] {
            guard let text = parts.one(name)?.text else { continue }
            guard let date = Self.date(text) else {
                throw RowFault(field: name, "a date like 2026-01-31T00:00:00Z is expected")
            }
            let isAhead = date > now
            guard isAhead == (name == "StartDate") else { continue }
            let day = date.text.prefix { $0 != "T" }
            fields.warnings.append("its time of use \(words) \(day)")
        }
    }

    /// `xs:dateTime`; without a zone it is UTC here.
    private static func date(_ text: String) -> Instant? {
        let form = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?/
        guard let match = text.wholeMatch(of: form) else { return nil }
        do {
            let date = try Date.ISO8601FormatStyle().parse("\(match.1)\(match.2 ?? "Z")")
            return Instant(seconds: Int64(date.timeIntervalSince1970))
        } catch {
            // A thirteenth month, for one: the caller says that it is no date.
            return nil
        }
    }
}
