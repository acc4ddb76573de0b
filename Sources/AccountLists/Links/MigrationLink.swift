// What Google Authenticator shows as QR codes when it exports: `otpauth-migration://offline?data=`
// and a message of Protocol Buffers in base64, with several accounts.

import OneTimeCodes
import Secrets

struct MigrationLink {
    static let scheme = "otpauth-migration://"

    private static let start = "otpauth-migration://offline?data="

    /// Its export may have several codes, of which this is one.
    struct Batch: Hashable {
        let export: UInt64
        let size: UInt64
    }

    let batch: Batch
    /// From 0.
    let index: UInt64
    private(set) var accounts: [Result<ListedAccount, RowFault>] = []

    init(_ text: String) throws(RowFault) {
        guard text.starts(withASCII: Self.start) else {
            throw RowFault("\(Self.start) and base64 are expected")
        }
        let data = text[text.utf8.index(text.startIndex, offsetBy: Self.start.utf8.count)...]
        guard let base64 = KeyURI.decoded(data), let bytes = Base64.decode(base64) else {
            throw RowFault("the data of the link is not base64, or is cut short")
        }
        var message = ProtobufReader(bytes)
        var entries: [[UInt8]] = []
        var numbers: [Int: UInt64] = [:]
        while let (field, value) = try message.next() {
            switch (field, value) {
            case (1, .bytes(let entry)): entries.append(entry)
            // Version, size, index and number of the export.
            case (2...5, .number(let number)) where numbers[field] == nil: numbers[field] = number
            case _: throw ProtobufReader.fault
            }
        }
        // A message without its end has none of these.
        guard let size = numbers[3], size > 0, numbers[4] ?? 0 < size else {
            throw RowFault("the link does not say how many codes its export has")
        }
        batch = Batch(export: numbers[5] ?? 0, size: size)
        index = numbers[4] ?? 0
        for entry in entries {
            accounts.append(Result { () throws(RowFault) in try Self.account(entry) })
        }
    }

    private static let algorithms: [UInt64?: String] = [1: "SHA1", 2: "SHA256", 3: "SHA512"]
    private static let digits: [UInt64?: String] = [1: "6", 2: "8"]

    /// The app has no other period than 30 s.
    private static func account(_ entry: [UInt8]) throws(RowFault) -> ListedAccount {
        var message = ProtobufReader(entry)
        var texts: [Int: [UInt8]] = [:]
        var numbers: [Int: UInt64] = [:]
        while let (field, value) = try message.next() {
            switch (field, value) {
            // Secret, name, issuer; and what newer versions tell entries apart by.
            case (1...3, .bytes(let text)) where texts[field] == nil,
                (8, .bytes(let text)) where texts[field] == nil:
                texts[field] = text
            // Algorithm, digits, type and counter.
            case (4...7, .number(let number)) where numbers[field] == nil: numbers[field] = number
            case _: throw ProtobufReader.fault
            }
        }
        guard numbers[6] == 2, numbers[7] ?? 0 == 0 else {
            throw RowFault("only TOTP is supported")
        }
        guard let algorithm = Self.algorithms[numbers[4]] else {
            throw RowFault(field: "algorithm", "SHA1, SHA256 or SHA512 is expected")
        }
        guard let digits = Self.digits[numbers[5]] else {
            throw RowFault(field: "digits", "6 or 8 is expected")
        }
        guard let name = String(validating: texts[2] ?? [], as: UTF8.self),
            let issuer = String(validating: texts[3] ?? [], as: UTF8.self)
        else { throw RowFault("a name is not UTF-8") }
        try SteamCodes.refuse(issuer: issuer)
        var row = RowFields()
        row.user = try KeyURILabel(plain: name, issuer: issuer).user
        row.secret = Base32.encode(SecretBytes(texts[1] ?? []))
        (row.algorithm, row.digits, row.period) = (algorithm, digits, "30")
        return try row.checked()
    }
}
