// The fields of a row as they were written, and the account they make. Each value is read to its
// last character, or the row is wrong.

import Accounts
import OneTimeCodes
import Secrets

/// What a row says of an account; `checked` makes an account of it. An empty field says nothing.
struct RowFields {
    var app: String?
    var user: String?
    /// Base32.
    var secret: String?
    var secretHex: String?
    var algorithm: String?
    var digits: String?
    var period: String?
    var lastStep: String?
    var warnings: [String] = []

    func checked() throws(RowFault) -> ListedAccount {
        let user = try UserName.checked(user)
        return ListedAccount(
            app: try said(app).map(Self.checked(app:)), user: user, secret: try checkedSecret(),
            parameters: try checkedParameters(),
            lastStep: try number(lastStep, "last_step", 0...(1 << 40)), backupCodes: nil,
            warnings: warnings)
    }

    private static func checked(app: String) throws(RowFault) -> String {
        guard AppName(app) != nil else {
            throw RowFault(field: "app", "letters a-z, digits and . _ - are expected")
        }
        return app
    }

    private func checkedSecret() throws(RowFault) -> String {
        let bytes: SecretBytes
        if let hex = said(secretHex) {
            guard said(secret) == nil else {
                throw RowFault(field: "secret", "it is given twice, as base32 and as hexadecimal")
            }
            bytes = try Self.checkedLength(of: Self.bytes(hex: hex))
        } else if let secret = said(secret) {
            guard !NoValue.isWritten(as: secret) else {
                throw RowFault(field: "secret", "it looks like a word or sign for no value")
            }
            guard let decoded = Base32.decode(secret) else {
                throw RowFault(field: "secret", "it is not base32: A to Z and 2 to 7 are expected")
            }
            guard Self.isWhole(secret) else {
                throw RowFault(field: "secret", "it ends in too many or too few = for its length")
            }
            bytes = try Self.checkedLength(of: decoded)
            guard Self.hasNothingLeft(secret, bytes) else {
                throw RowFault(
                    field: "secret",
                    "its last character has bits left over that are not zero, and devices differ "
                        + "in what they make of them" + UserName.elsewhere)
            }
        } else {
            throw RowFault(field: "secret", "it is missing")
        }
        let text = Base32.encode(bytes)
        // Behind the last whole byte, bits are left over.
        guard Set(text.utf8.dropLast()).count > 1 else {
            throw RowFault(
                field: "secret",
                "it is one character over and over, as where a secret was masked"
                    + UserName.elsewhere)
        }
        return text
    }

    /// Padding is optional, and then to a multiple of 8 (RFC 4648 §6). Other padding is what
    /// quoted-printable leaves at the end of a line that goes on.
    private static func isWhole(_ secret: String) -> Bool {
        let characters = secret.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        return characters.last != UInt8(ascii: "=") || characters.count.isMultiple(of: 8)
    }

    /// Whether the bits behind the last whole byte are zero: then its last character is that which
    /// the bytes have.
    private static func hasNothingLeft(_ secret: String, _ bytes: SecretBytes) -> Bool {
        let isLast = { (byte: UInt8) in !" -=".utf8.contains(byte) }
        let last = secret.utf8.last(where: isLast).map { $0 >= 0x60 ? $0 & 0xdf : $0 }
        return last == Base32.encode(bytes).utf8.last
    }

    /// As the daemon has it. RFC 4226 §4 wants 128 bits; `AccountList` knows if less is allowed.
    private static func checkedLength(of secret: SecretBytes) throws(RowFault) -> SecretBytes {
        let limits = Policy.importedSecretBytesMin...Policy.importedSecretBytesMax
        guard secret.count >= Policy.shortSecretBytesMin else { throw .short(secret.count) }
        guard secret.count <= limits.upperBound else {
            let expected = "\(limits.lowerBound) to \(limits.upperBound) are expected"
            throw RowFault(field: "secret", "it has \(secret.count) bytes, and \(expected)")
        }
        return secret
    }

    private static func bytes(hex: String) throws(RowFault) -> SecretBytes {
        let digits = Array(hex.utf8)
        var isHex = digits.count.isMultiple(of: 2)
        let bytes = SecretBytes(count: digits.count / 2) { output in
            isHex = isHex && digits.withUnsafeBytes { Hex.decode($0, into: output) }
        }
        guard isHex else {
            throw RowFault(field: "secret_hex", "pairs of 0 to 9 and a to f are expected")
        }
        return bytes
    }

    private func checkedParameters() throws(RowFault) -> CodeParameters {
        let standard = CodeParameters.standard
        let algorithm = try said(algorithm).map(Self.algorithm(called:)) ?? standard.algorithm
        let digits = try number(digits, "digits", CodeParameters.digitsRange) ?? standard.digits
        let period = try number(period, "period", CodeParameters.periodRange) ?? standard.period
        guard
            let parameters = CodeParameters(algorithm: algorithm, digits: digits, period: period)
        else { preconditionFailure("both ranges were checked") }
        return parameters
    }

    /// Some write the hash's name, some the construction's: `SHA1`, `sha-256`, `HmacSHA512`.
    private static func algorithm(called text: String) throws(RowFault) -> CodeAlgorithm {
        if let algorithm = CodeAlgorithm(name: text) { return algorithm }
        let words = text.wholeMatch(of: /(?i:hmac[-_]?)?(?i:sha)[-_]?(1|256|512)/)
        guard let bits = words?.1, let algorithm = CodeAlgorithm(name: "SHA\(bits)") else {
            throw RowFault(field: "algorithm", "SHA1, SHA256 or SHA512 is expected")
        }
        return algorithm
    }

    /// Digits and nothing else: what a spreadsheet rounded, or another reader would take for octal,
    /// is no number here.
    private func number(
        _ text: String?, _ field: String, _ range: ClosedRange<Int>
    ) throws(RowFault) -> Int? {
        guard let text = said(text) else { return nil }
        guard let number = Self.plainNumber(text), range.contains(number) else {
            throw RowFault(
                field: field,
                "a whole number from \(range.lowerBound) to \(range.upperBound) is expected, in "
                    + "digits alone")
        }
        return number
    }

    static func plainNumber(_ text: String) -> Int? {
        let digits = text.utf8
        guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return Int(text)
    }

    private func said(_ text: String?) -> String? {
        guard let text = text?.trimmed, !text.isEmpty else { return nil }
        return text
    }
}
