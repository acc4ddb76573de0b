// Shows that names are told apart by their bytes (CVE-2025-6004: spellings had budgets of their
// own).

import Secrets
import Testing

@testable import Accounts

@Suite struct AccountNameTests {
    private static let app = accountName("x").app

    @Test(
        "what a user may be called",
        arguments: [
            "a", " ", "ada", "Ada", "ada ", "é", "e\u{301}", "用户", "😀", "../..", "a:b", "\u{A0}",
            "\u{202E}", "\u{FEFF}", String(repeating: "x", count: 255),
            String(repeating: "x", count: 256), String(repeating: "é", count: 128),
        ])
    func users(_ user: String) {
        #expect(AccountName(app: Self.app, user: user)?.user == user)
    }

    @Test(
        "what a user may not be called",
        arguments: [
            "", String(repeating: "x", count: 257), String(repeating: "é", count: 129), "a\0", "\n",
            "a\tb", "\u{1F}", "\u{7F}", "a\r\nb", "\u{1B}[31m",
        ])
    func noUsers(_ user: String) {
        #expect(AccountName(app: Self.app, user: user) == nil)
    }

    @Test(arguments: [
        "a", "0", "default", "shop.example", "a_b-c.d", String(repeating: "a", count: 32),
    ])
    func apps(_ text: String) {
        #expect(AppName(text)?.description == text)
    }

    @Test(arguments: [
        "", ".a", "-a", "_a", "A", "Shop", "a b", "a/b", "é", "a\0", "a\n",
        String(repeating: "a", count: 33), "a@b", "ａ",
    ])
    func noApps(_ text: String) {
        #expect(AppName(text) == nil)
    }

    @Test("two names are one account only when all their bytes are equal")
    func byBytes() {
        let users = [
            "ada", "Ada", "ADA", "ada ", " ada", "ad", "adaa", "é", "e\u{301}", "\u{E9}a",
            "ﬁ", "fi", "K", "\u{212A}", "Å", "\u{212B}", "A\u{30A}", "ß", "ss", "ı", "i",
        ]
        let apps = ["a", "aa", "a.b", "b"]
        let names = apps.flatMap { app in users.map { accountName($0, app: app) } }
        let key = SecretBytes([UInt8](repeating: 1, count: 32))
        for (index, left) in names.enumerated() {
            for (other, right) in names.enumerated() {
                let isSame = index == other
                #expect((left == right) == isSame, "\(left) \(right)")
                let ids = (RecordID(left, indexKey: key), RecordID(right, indexKey: key))
                #expect((ids.0 == ids.1) == isSame, "\(left) \(right)")
            }
        }
    }

    @Test("where the app ends and the user begins matters")
    func border() {
        let key = SecretBytes([UInt8](repeating: 1, count: 32))
        let left = RecordID(accountName("bc", app: "a"), indexKey: key)
        let right = RecordID(accountName("c", app: "ab"), indexKey: key)
        #expect(left != right)
    }

    /// Python: hmac.new(b"\1" * 32, b"\7default" + b"ada", "sha256").digest()[:16].
    @Test func theIDIsWhatTheStoreWasBuiltWith() {
        let key = SecretBytes([UInt8](repeating: 1, count: 32))
        let id = RecordID(accountName("ada"), indexKey: key)
        #expect(id == RecordID(high: 0x4942_35c9_53bb_ff99, low: 0x0243_df2f_51d7_0670))
        #expect(RecordID(accountName("ada"), indexKey: HMACKey(key)) == id)
        let other = SecretBytes([UInt8](repeating: 2, count: 32))
        #expect(RecordID(accountName("ada"), indexKey: other) != id)
    }

    /// Python, as above, with b"\x20" + b"z" * 32 + user.
    @Test(
        "the longest names",
        arguments: [
            (String(repeating: "x", count: 256), 0xfd60_ff99_2c19_bd88, 0x301e_fd99_78a7_6123),
            (String(repeating: "é", count: 128), 0x0767_49f8_6e4d_cdb3, 0x65eb_f144_8760_8ea2),
        ] as [(String, UInt64, UInt64)])
    func longestNames(_ user: String, _ high: UInt64, _ low: UInt64) {
        let key = SecretBytes([UInt8](repeating: 1, count: 32))
        let name = accountName(user, app: String(repeating: "z", count: 32))
        #expect(RecordID(name, indexKey: key) == RecordID(high: high, low: low))
        #expect(RecordID(name, indexKey: HMACKey(key)) == RecordID(high: high, low: low))
    }
}
