// A key package of PSKC as a row: one device, its one key, and what the key's issuer allows.

import Accounts
import FoundationEssentials
import OneTimeCodes

struct PSKCPackage {
    private let now: Instant
    private var fields = RowFields()
    /// The distinguished name of whom the device, and the key, belong to.
    private var users: [PSKCElement] = []
    private var keyID: String?

    init(_ node: XMLNode, at now: Instant) throws(RowFault) {
        self.now = now
        try PSKCRule.package.check(node)
        let parts = PSKCElement(node).parts
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
        let parts = device.parts
        users += parts["UserId"] ?? []
        try read(datesOf: parts)
    }

    private mutating func read(key: PSKCElement) throws(RowFault) {
        guard Self.isTOTP(key.attribute("Algorithm") ?? "") else {
            throw RowFault(field: "Algorithm", "only TOTP keys are supported")
        }
        keyID = key.attribute("Id")
        let parts = key.parts
        users += parts["UserId"] ?? []
        try read(parameters: parts.one("AlgorithmParameters")?.parts ?? [:])
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

    private mutating func read(parameters: [String: [PSKCElement]]) throws(RowFault) {
        if let suite = parameters.one("Suite")?.text {
            guard !suite.isEmpty else { throw RowFault(field: "Suite", "it is empty") }
            fields.algorithm = suite
        }
        // RFC 6030 §10.2 requires it, and says nothing of keys without it.
        guard let format = parameters.one("ResponseFormat") else {
            throw RowFault(
                field: "ResponseFormat",
                "it is missing, so nobody knows how many digits the token shows")
        }
        guard format.attribute("Encoding") == "DECIMAL" else {
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
        let parts = data.parts
        guard let secret = parts.one("Secret") else {
            throw RowFault(field: "Secret", "it is missing")
        }
        let base64 = try secret.plainValue.filter { !$0.isASCII || !$0.isWhitespace }
        guard let bytes = Base64.decode(base64) else {
            throw RowFault(field: "Secret", "a PlainValue in base64 is expected")
        }
        fields.secretHex = bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        // As it requires this.
        guard let interval = parts.one("TimeInterval") else {
            throw RowFault(
                field: "TimeInterval",
                "it is missing, so nobody knows how long the token shows a code")
        }
        fields.period = try interval.plainValue
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
        // RFC 6030 §4.2 and vendors have it in seconds, in steps, or as the start of the first
        // step (T0).
        guard try parts.one("Time")?.plainValue ?? "0" == "0" else {
            throw RowFault(
                field: "Time",
                "0 is expected: it may be in seconds or in steps, or where the token begins to "
                    + "count")
        }
    }
}

// MARK: - What the key may be used for

extension PSKCPackage {
    private mutating func read(policy: PSKCElement) throws(RowFault) {
        let parts = policy.parts
        try read(datesOf: parts)
        if let pin = parts.one("PINPolicy"), pin.attribute("PINUsageMode") != "Local" {
            throw RowFault(
                field: "PINPolicy",
                "only a PIN that is typed into the token (Local) leaves its codes as they are")
        }
        let usages = (parts["KeyUsage"] ?? []).map(\.text)
        guard usages.allSatisfy(Self.usages.contains) else {
            throw RowFault(field: "KeyUsage", "one of RFC 6030 is expected, such as OTP")
        }
        guard usages.isEmpty || usages.contains("OTP") else {
            throw RowFault(field: "KeyUsage", "the key is not for one-time codes")
        }
    }

    private static let usages: Set<String> = [
        "OTP", "CR", "Encrypt", "Integrity", "Verify", "Unlock", "Decrypt", "KeyWrap", "Unwrap",
        "Derive", "Generate",
    ]

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
