// Shows that each code a person types has one canonical form, and that nothing else is a code
// (CVE-2025-6014 and CVE-2025-6015: white space made one code into many).

import Testing

@testable import OneTimeCodes

@Suite struct SubmittedCodeTests {
    @Test(
        "one code, whatever is between its digits",
        arguments: [
            "123456", " 123456", "123456 ", "123 456", "123-456", "1 2 3 4 5 6", "12-34-56",
            "  123  456  ", "-123456-", "--123 - 456", "1-2-3-4-5-6",
            String(repeating: " ", count: 1_000) + "123456",
        ])
    func totp(_ text: String) {
        #expect(SubmittedCode(text) == .totp(TOTPCode(value: 123_456, digits: 6)))
    }

    @Test(
        arguments: [
            ("000000", 0, 6), ("012345", 12_345, 6), ("999999", 999_999, 6),
            ("0123456", 123_456, 7), ("00123456", 123_456, 8), ("99999999", 99_999_999, 8),
            ("0000 0000", 0, 8),
        ] as [(String, UInt32, Int)])
    func lengths(_ text: String, _ value: UInt32, _ digits: Int) throws {
        let code = TOTPCode(value: value, digits: digits)
        #expect(SubmittedCode(text) == .totp(code))
        #expect(code.text == text.replacing(" ", with: ""))
    }

    @Test func theCountOfDigitsIsPartOfTheCode() {
        #expect(SubmittedCode("123456") != SubmittedCode("0123456"))
        #expect(SubmittedCode("0123456") != SubmittedCode("00123456"))
    }

    /// Five, nine, twelve and fourteen characters are no code; thirteen are a backup code.
    @Test(
        "what is no code",
        arguments: [
            "", " ", "-", "- -", "1", "12345", "123456789", "1234567890", "12345678901",
            "123456789012", "12345678901234", "abcdefgh", "abcdefghjkmn", "abcdefghjkmnpq",
            // Other white space, other digits, other hyphens.
            "123456\t", "\t123456", "123\t456", "123456\n", "123456\r", "\r\n123456",
            "123\u{A0}456", "123456\u{A0}", "123\u{2009}456", "\u{FEFF}123456",
            "123\u{200B}456", "123\u{2010}456", "123\u{2212}456", "123\u{3000}456",
            "１２３４５６", "12345６", "١٢٣٤٥٦", "۱۲۳۴۵۶", "१२३४५६", "𝟏𝟐𝟑𝟒𝟓𝟔", "12345\u{0661}",
            "①②③④⑤⑥", "12345\u{301}6", "123456\u{301}", "123456\0", "\0123456",
            "123.456", "123,456", "123_456", "+123456", "0x1234", "1e1000", "123456e",
            // Letters that backup codes fold are no digits.
            "12345O", "12345o", "12345I", "12345l", "12345L", "OOOOOO", "U23456",
        ])
    func nothing(_ text: String) {
        #expect(SubmittedCode(text) == nil)
    }

    static let canonical = "0123456789abc"

    @Test(
        "one backup code, whatever the hand",
        arguments: [
            "0123456789abc", "0123456789ABC", "0123-4567-89abc", "0123 4567 89ABC",
            "O123456789abc", "o123456789aBc", "0I23456789abc", "0i23456789abc", "0L23456789abc",
            "0l23456789Abc", "oL23-4567-89aBC", " 0123456789abc-", "0-1-2-3-4-5-6-7-8-9-a-b-c",
        ])
    func backup(_ text: String) {
        guard case .backup(let code) = SubmittedCode(text) else {
            Issue.record("no backup code")
            return
        }
        #expect(code.canonical == Self.canonical)
        #expect(code.text == "0123-4567-89abc")
    }

    @Test(
        "thirteen characters that are no backup code",
        arguments: [
            "0123456789abu", "U123456789abc", "0123456789ab!", "0123456789ab\t",
            "0123456789ab\u{7F}", "0123456789a\u{E9}", "0123456789ab_", "0123456789ab\0",
            "０123456789abc", "0123456789аbc", "0123456789ab@", "0123456789ab[", "0123456789ab`",
            "0123456789ab{",
        ])
    func noBackup(_ text: String) {
        #expect(SubmittedCode(text) == nil)
    }

    @Test func thirteenDigitsAreABackupCode() {
        guard case .backup(let code) = SubmittedCode("1234567890123") else {
            Issue.record("no backup code")
            return
        }
        #expect(code.canonical == "1234567890123")
    }

    @Test("every character in a backup code's first place")
    func everyCharacter() {
        let alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
        for value in UInt8(0x21)..<0x7f where value != UInt8(ascii: "-") {
            let character = Character(Unicode.Scalar(value))
            let lower = character.lowercased()
            let folded = ["o": "0", "i": "1", "l": "1"][lower] ?? lower
            let found = SubmittedCode("\(character)123456789abc")
            guard alphabet.contains(folded) else {
                #expect(found == nil, "\(character)")
                continue
            }
            #expect(found == SubmittedCode("\(folded)123456789abc"), "\(character)")
            #expect(found != nil)
        }
    }

    @Test("no code prints", arguments: ["123456", "0123456789abc"])
    func prints(_ text: String) throws {
        let code = try #require(SubmittedCode(text))
        var dumped = ""
        dump(code, to: &dumped)
        for form in ["\(code)", String(reflecting: code), dumped, String(describing: [code])] {
            #expect(form.contains("<code>"), "\(form)")
            #expect(!form.contains("3456"), "\(form)")
        }
    }
}
