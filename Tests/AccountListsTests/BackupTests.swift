// Backups of apps whose parts contradict each other, or say what is not known here.

import Testing

@testable import AccountLists

@Suite("Backups")
struct BackupTests {
    private static let secret = Rows.secret

    /// An entry of 2FAS with its link.
    private static let twoFAS = """
        {"services":[{"name":"Example","secret":"\(secret)","otp":{\
        "link":"otpauth://totp/Example:ada?secret=\(secret)&issuer=Example&algorithm=SHA256\
        &digits=8&period=60","label":"Example:ada",\
        "account":"ada","issuer":"Example","digits":8,"period":60,"algorithm":"SHA256",\
        "tokenType":"TOTP"}}],"schemaVersion":4}
        """

    /// What is replaced by what, and how the fault begins; nil where the row comes in.
    static let entries: [(String, String, String?)] = [
        ("", "", nil), ("\"schemaVersion\":4", "\"schemaVersion\":3", nil),
        ("\"label\":\"Example:ada\"", "\"label\":\"ada\"", nil),
        ("\"label\":\"Example:ada\",", "", nil), ("\"account\":\"ada\",", "", nil),
        ("\"account\":\"ada\"", "\"account\":\"\"", nil),
        ("?secret=\(secret)", "?secret=\(secret.lowercased())", nil),
        ("?secret=G", "?secret=H", "secret: two parts"),
        ("\"secret\":\"G", "\"secret\":\"H", "secret: two parts"),
        ("&algorithm=SHA256", "", "algorithm: two parts"),
        ("\"algorithm\":\"SHA256\"", "\"algorithm\":\"SHA1\"", "algorithm: two parts"),
        ("&digits=8", "&digits=6", "digits: two parts"), ("&digits=8", "", "digits: two parts"),
        ("\"period\":60", "\"period\":30", "period: two parts"),
        ("totp/Example:ada", "totp/Example:bob", "account: two parts"),
        ("\"account\":\"ada\"", "\"account\":\"bob\"", "label: two parts"),
        ("totp/Example", "hotp/Example", "only TOTP"), ("totp/Example", "steam/Example", "this is"),
        ("&digits=8", "&digits=8&t0=1", "the link has an unknown"),
        ("otpauth://totp", "https://totp", "an otpauth:// link"),
    ]

    @Test("an entry of 2FAS is the one of its link", arguments: entries)
    func link(_ old: String, _ new: String, _ fault: String?) throws {
        #expect(old.isEmpty || Self.twoFAS.contains(old))
        let text = old.isEmpty ? Self.twoFAS : Self.twoFAS.replacing(old, with: new)
        let found = try Rows.fault(text)
        #expect((found == nil) == (fault == nil), "\(found ?? "in")")
        if let fault { #expect(found?.hasPrefix(fault) == true, "\(found ?? "in")") }
        #expect(found?.contains(Self.secret) != true)
    }

    @Test(
        "of 2FAS, other versions than 3 and 4 are unknown",
        arguments: ["1", "2", "5", "40", "4.0", "\"4\"", "null"])
    func twoFASVersions(_ version: String) {
        let text = Self.twoFAS.replacing(
            "\"schemaVersion\":4", with: "\"schemaVersion\":\(version)")
        let fault = #expect(throws: ListFault.self) { try Rows.of(text) }
        #expect(fault?.description.contains("schemaVersion 3 or 4 is expected") == true)
    }

    @Test("of Aegis, versions 1 with a db of 1, 2 or 3 are known")
    func aegisVersions() throws {
        for (version, db, isKnown) in [
            ("1", "1", true), ("1", "2", true), ("1", "3", true), ("1", "4", false),
            ("2", "3", false), ("0", "3", false), ("1", "0", false), ("1", "null", false),
            ("\"1\"", "3", false),
        ] {
            let info = #"{"secret":"\#(Self.secret)","algo":"SHA1","digits":6,"period":30}"#
            let entry = #"{"type":"totp","name":"ada","issuer":"x","info":\#(info)}"#
            let inner = #"{"version":\#(db),"entries":[\#(entry)]}"#
            let text = #"{"version":\#(version),"header":{},"db":\#(inner)}"#
            if isKnown {
                #expect(try Rows.user(text) == "ada")
            } else {
                #expect(throws: ListFault.self) { try Rows.of(text) }
            }
        }
    }

    /// What stands in an item of Bitwarden beside its login, and how the fault begins.
    static let items: [(String, String?)] = [
        (#""type":1"#, nil), (#""type":1,"deletedDate":null,"archivedDate":null"#, nil),
        (#""type":1,"organizationId":"1","collectionIds":["2"]"#, nil),
        (#""type":1,"deletedDate":"2026-01-01T00:00:00.000Z""#, "deletedDate: the item is deleted"),
        (#""type":1,"archivedDate":"2026-01-01T00:00:00.000Z""#, "archivedDate: "),
        (#""type":2"#, "type: a login"), (#""type":"1""#, "type: a login"), (#""x":1"#, "type: "),
    ]

    @Test("of Bitwarden, an item that is a login of today comes in", arguments: items)
    func item(_ fields: String, _ fault: String?) throws {
        let login = #"{"username":"ada","totp":"\#(Self.secret)"}"#
        for place in [#""folders":[]"#, #""collections":[{"id":"2","name":"x"}]"#] {
            let text = #"{"encrypted":false,\#(place),"items":[{\#(fields),"login":\#(login)}]}"#
            let found = try Rows.fault(text)
            #expect((found == nil) == (fault == nil), "\(found ?? "in")")
            if let fault { #expect(found?.hasPrefix(fault) == true, "\(found ?? "in")") }
        }
    }

    @Test("a backup has a bound on its values, and the last that fits is read")
    func bound() throws {
        for text in ["[0,0,[0]]", "{\"a\":0,\"b\":[0,0]}"] {
            // One for the object that the reader wants around it.
            #expect(try JSONTree(text, atMost: 6).isNull == false)
            #expect(throws: (any Error).self) { try JSONTree(text, atMost: 5) }
        }
        let many = String(repeating: "0,", count: JSONTree.valuesMax) + "0"
        let fault = #expect(throws: ListFault.self) { try Rows.of("[\(many)]") }
        #expect(fault?.description.contains("has more than 4194304 values") == true)
    }
}
