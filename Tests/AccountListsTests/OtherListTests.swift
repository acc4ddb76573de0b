// Files that are no lists of ours, texts in other encodings, and NDJSON that the socket would
// refuse: each is refused in words that say what it is.

import Testing

@testable import AccountLists

@Suite("Other files")
struct OtherListTests {
    /// Beginnings of what other programs write, in the form that they document.
    static let foreign: [(String, String)] = [
        ("[\n\"otpauth://totp/x?secret=A\"\n]", "a JSON array"),
        (#"{"version":1,"header":{"slots":[]},"db":"AAAA"}"#, "an encrypted vault of Aegis"),
        (#"{"version":1,"db":{"entries":[{"info":{"secret":"x"}}]}}"#, "a vault of Aegis"),
        ("{\"services\":[{\"secret\":\"x\",\"otp\":{}}]}", "a backup of 2FAS"),
        ("{\"servicesEncrypted\":\"x\",\"schemaVersion\":4}", "2FAS"),
        (
            "[{\"secret\":\"x\",\"thumbnail\":\"Default\",\"used_frequency\":0}]",
            "andOTP"
        ),
        ("{\"tokenOrder\":[],\"tokens\":[{\"secret\":[1]", "FreeOTP"),
        ("{\n  \"encrypted\": true,\n  \"data\": \"x\"\n}", "an encrypted export of Bitwarden"),
        ("{\"realm\":\"x\",\"enabled\":true}", "Keycloak"),
        ("[{\"issuerName\":\"x\",\"secret\":\"x\"}]", "Raivo"),
        ("<!DOCTYPE html>\n<html>", "HTML"), ("<KeePassFile></KeePassFile>", "KeyContainer"),
        ("JBSWY3DP\n\" RATE_LIMIT 3 30\n\" TOTP_AUTH\n12345678", "google-authenticator-libpam"),
        ("HOTP/T30/6 ada - 3132", "pam_oath"), ("HOTP/T30\tada\t-\t3132", "pam_oath"),
        ("totp_configurations:\n  - username: 'ada'", "YAML"), ("---\nusers:\n", "YAML"),
        ("-----BEGIN PGP MESSAGE-----\n", "encrypted"), ("age-encryption.org/v1\n", "age"),
        ("INSERT INTO totp VALUES (1,'x');", "a dump"),
        ("-- MySQL dump 10.13\n", "a dump"), ("COPY public.otp (a, b) FROM stdin;\n", "a dump"),
        ("dn: uid=ada,ou=people\nuid: ada\n", "LDIF"), ("version: 1\n\ndn:: dWlk\n", "LDIF"),
        ("From ada@example.org Mon Nov 30\n", "a mail"), ("Return-Path: <a@b>\n", "a mail"),
        ("Subject: codes\n\notpauth://totp/x?secret=A\n", "a mail"),
        ("{\\rtf1\\ansi ada\\par}", "RTF"),
        ("Content-Transfer-Encoding: quoted-printable\n", "a mail"),
        (" user | secret\n------+--------\n ada  | x\n", "a table"),
        ("| user | secret |\n|------|:-----:|\n| ada | x |\n", "a table"),
        ("==== ====\nuser secret\n==== ====\n", "a table"),
        ("******** 1. row ********\nuser: ada\n", "a table"),
        ("+------+--------+\n| user | secret |\n", "a table"), ("┌──────┬────┐\n", "a table"),
    ]

    @Test("are named", arguments: foreign)
    func named(_ text: String, _ name: String) throws {
        let error = #expect(throws: ListFault.self) { _ = try ListFormat(of: text) }
        #expect(error?.description.contains(name) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasPrefix("this looks like ") == true)
    }

    /// Beginnings of backups that are read, with their format.
    static let backups: [(String, ListFormat)] = [
        (#"{"version":1,"header":{"slots":null},"db":{"version":3,"entries":[]}}"#, .aegis),
        ("{\n  \"header\": {},\n  \"db\": {\"entries\": [1]}\n}", .aegis),
        (#"{"services":[],"schemaVersion":4}"#, .twoFAS),
        (#"[{"secret":"x","label":"a","type":"TOTP"}]"#, .andOTP),
        (#"{"tokenOrder":[],"tokens":[]}"#, .freeOTP),
        (#"{"encrypted":false,"items":[]}"#, .bitwarden),
        (#"{"realm":"x","users":[]}"#, .keycloak),
    ]

    @Test("that are backups are read as such", arguments: backups)
    func backup(_ text: String, _ format: ListFormat) throws {
        #expect(try ListFormat(of: text) == format)
        #expect(format.program != nil && ListFormat.ndjson.program == nil)
        // Cut anywhere, it is none.
        for length in 1..<text.count {
            #expect(throws: ListFault.self) { try Rows.of(String(text.prefix(length))) }
        }
        for other in ListFormat.allCases where other.program != nil && other != format {
            #expect(throws: ListFault.self) { try Rows.of(text, other) }
        }
    }

    @Test("JSON of backups is strict: a name twice, or a number that is none, is no backup")
    func strict() throws {
        for text in [
            #"{"tokenOrder":[],"tokens":[],"tokens":[]}"#, #"{"tokenOrder":[],"tokens":[01]}"#,
            #"{"tokenOrder":[],"tokens":[]} x"#, #"{"tokenOrder":[],"tokens":[],}"#,
            #"{"tokenOrder":[],"tokens":[nil]}"#,
            #"{"tokenOrder":[],"tokens":\#(String(repeating: "[", count: 100_000))"#,
        ] {
            #expect(throws: ListFault.self) { try Rows.of(text, .freeOTP) }
        }
    }

    @Test(
        "that are no text are named, too",
        arguments: [
            ("PK\u{3}\u{4}xl/workbook.xml", "workbook"), ("SQLite format 3\0", "SQLite"),
            ("Salted__12345678", "passphrase"), ("%PDF-1.7", "PDF"), ("a\0b", "NUL"),
        ])
    func binary(_ text: String, _ name: String) {
        let error = #expect(throws: ListFault.self) { _ = try ListText.decode(Array(text.utf8)) }
        #expect(error?.description.contains(name) == true)
    }

    @Test("lists of ours are taken for what they are")
    func ours() throws {
        let secret = Rows.secret
        for (text, format) in [
            ("ada otpauth://totp/x?secret=A", ListFormat.otpauth), ("OTPAUTH://TOTP/x", .otpauth),
            ("otpauth-migration://offline?data=x", .otpauth), ("steam://x", .otpauth),
            ("5001,otpauth://totp/x", .otpauth), ("user,secret", .csv),
            ("sep=;\nuser;secret", .csv),
            ("{\"user\":\"ada\",\"secret\":\"\(secret)\"}", .ndjson),
            ("<?xml version=\"1.0\"?>", .pskc),
            ("\n\n# x\n<KeyContainer/>", .pskc), ("\"user\",\"secret\"", .csv),
        ] {
            #expect(try ListFormat(of: text) == format, "\(text)")
        }
    }

    @Test("encodings that a file names are read, and no other is guessed")
    func encodings() throws {
        let text = "user,secret\njürgen,x"
        let units = Array(text.utf16)
        let little = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        #expect(try ListText.decode([0xff, 0xfe] + little) == text)
        #expect(try ListText.decode([0xfe, 0xff] + big) == text)
        #expect(try ListText.decode([0xef, 0xbb, 0xbf] + Array(text.utf8)) == text)
        let latin = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xfc]
        #expect(try ListText.decode(latin).hasSuffix("<a>ü"))
        let refused: [[UInt8]] = [
            little, big, [0xff, 0xfe, 0x41], [0xff, 0xfe, 0x00, 0xd8],
            Array("user\nj".utf8) + [0xfc],
            Array("<?xml version='1.0' encoding='UTF-7'?>".utf8),
            Array("<?xml version='1.0' encoding='us-ascii'?>".utf8) + [0xc3, 0xbc],
            [0xef, 0xbb, 0xbf] + Array("<?xml encoding='ISO-8859-1'?>".utf8) + [0xfc],
        ]
        for bytes in refused {
            #expect(throws: ListFault.self, "\(bytes)") { try ListText.decode(bytes) }
        }
    }

    /// Behind `"secret":"…"`, and how what is wrong begins.
    static let fields: [(String, String)] = [
        (#","digits":6.0"#, "digits: "), (#","period":3e1"#, "period: "),
        (#","digits":null"#, "digits: "),
        (#","digits":"6""#, "digits: "), (#","digits":06"#, "digits: "),
        (#","digits":-0"#, "digits: "),
        (#","algorithm":"sha1""#, "algorithm: "), (#","algorithm":null"#, "algorithm: "),
        (#","user":"eve""#, "user: "), (#","us\u0065r":"eve""#, "user: "),
        (#","app":"Shop""#, "app: "), (#","replace":true"#, "there is no field 'replace'"),
        (#","dry_run":true"#, "there is no field 'dry_run'"),
        (#","id":1"#, "there is no field 'id'"),
        (#","User":"ada""#, "there is no field 'User'"), (#","op":"import","op":"import""#, "op: "),
        (#","op":"verify""#, "op: "), (#","last_step":true"#, "last_step: "),
        (#","last_step":1099511627777"#, "last_step: "), (#","backup_codes":[]"#, "backup_codes: "),
        (#","GEZDGNBVGY3TQOJQGEZDGNBVGY":1"#, "a field is unknown"), (",", "not json"),
        ("}{", "nothing may follow"), (#"} //"#, "nothing may follow"),
        (#","app":[[[[[]]]]]"#, "app: "),
    ]

    @Test("NDJSON is as strict as the socket", arguments: fields)
    func ndjson(_ rest: String, _ fault: String) throws {
        let text = #"{"user":"ada","secret":"\#(Rows.secret)"\#(rest)}"#
        let found = try Rows.fault(text, .ndjson)
        #expect(found?.hasPrefix(fault) == true, "\(found ?? "in")")
        #expect(found?.contains("GEZD") == false)
    }

    @Test("NDJSON names users by bytes, as the daemon exported them")
    func exactUsers() throws {
        for user in [" ada ", "5001,", "=1", "ada\u{200b}", "é", "e\u{301}", "a\u{2028}b", "#5001"]
        {
            let text = "{\"user\":\"\(user)\",\"secret\":\"\(Rows.secret)\"}"
            #expect(try Rows.user(text).map { Array($0.utf8) } == Array(user.utf8))
        }
        #expect(try Rows.fault(#"{"user":"a\u0000","secret":"\#(Rows.secret)"}"#) != nil)
        let long = String(repeating: " ", count: 16_384)
        #expect(try Rows.fault("{\(long)}", .ndjson)?.contains("16384") == true)
        #expect(try Rows.fault("{}", .ndjson)?.hasPrefix("user: ") == true)
    }
}
