// Strings, names among them: escapes, UTF-8 at the edge of every range, and what a fault shows.

import JSON
import Testing

@Suite struct JSONReaderStringTests {
    @Test(
        arguments: [
            .value(#""""#, .string("")), .value(#""x""#, .string("x")),
            .value(#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
            .value(#""\u0000\u001f\u0041\u00E9\u00e9""#, .string("\0\u{1F}A\u{E9}\u{E9}")),
            .value(#""a\u20acb\nc""#, .string("a€b\nc")),
            .value("\"\u{20}\u{7F}\"", .string(" \u{7F}")),
            .value("\"\u{80}\u{7FF}\u{800}\u{D7FF}\"", .string("\u{80}\u{7FF}\u{800}\u{D7FF}")),
            .value(
                "\"\u{E000}\u{FFFF}\u{10000}\u{10FFFF}\"",
                .string("\u{E000}\u{FFFF}\u{10000}\u{10FFFF}")),
            .value("\"\u{FEFF}\u{2028}\u{2029}\"", .string("\u{FEFF}\u{2028}\u{2029}")),
            .value(#""\ud7ff\ue000\uffff""#, .string("\u{D7FF}\u{E000}\u{FFFF}")),
            .value(#""\ud800\udc00\uDBFF\uDFFF""#, .string("\u{10000}\u{10FFFF}")),
            .value(#""x\uD83D\uDE00y""#, .string("x😀y")),
        ] as [JSONRow])
    func textIsRead(_ row: JSONRow) {
        #expect(JSONRow.read(row.bytes) == row.expected)
    }

    @Test(
        arguments: [
            .badValue(#""\ud800""#, .loneSurrogate, at: 1),
            .badValue(#""\udbff""#, .loneSurrogate, at: 1),
            .badValue(#""\udc00""#, .loneSurrogate, at: 1),
            .badValue(#""\uDFFF""#, .loneSurrogate, at: 1),
            .badValue(#""x\ud800\udbff""#, .loneSurrogate, at: 2),
            .badValue(#""\ud800\ue000""#, .loneSurrogate, at: 1),
            .badValue(#""\ud800\u0041""#, .loneSurrogate, at: 1),
            .badValue(#""\ud800\n""#, .loneSurrogate, at: 1),
            .badValue(#""\ud800x""#, .loneSurrogate, at: 1),
            .badValue(#""\ud83d\ude00\ude00""#, .loneSurrogate, at: 13),
            .badValue(#""\ud800\u00g0""#, .malformedEscape, at: 11),
            .badValue(#""\u""#, .malformedEscape, at: 3),
            .badValue(#""\u004""#, .malformedEscape, at: 6),
            .badValue(#""\u+041""#, .malformedEscape, at: 3),
            .badValue(#""\u00 1""#, .malformedEscape, at: 5),
            .badValue(#""\U0041""#, .unknownEscape, at: 1),
            .badValue(#""ab\x41""#, .unknownEscape, at: 3),
            .badValue("\"\\\n\"", .unknownEscape, at: 1),
            .badValue("\"\\é\"", .unknownEscape, at: 1),
            .badText([0x00], .controlCharacter), .badText([0x1F], .controlCharacter),
            .badText([0x61, 0x0A], .controlCharacter, at: 1),
            .badText([0x61, 0x5C, 0x6E, 0x09], .controlCharacter, at: 3),
            // UTF-8, one outside each range of the table of well-formed sequences.
            .badText([0x80], .invalidUTF8), .badText([0xBF], .invalidUTF8),
            .badText([0xC0, 0x80], .invalidUTF8), .badText([0xC1, 0xBF], .invalidUTF8),
            .badText([0xC2, 0x7F], .invalidUTF8, at: 1),
            .badText([0xC2, 0xC0], .invalidUTF8, at: 1),
            .badText([0xDF, 0x7F], .invalidUTF8, at: 1),
            .badText([0xDF, 0xC0], .invalidUTF8, at: 1),
            .badText([0xE0, 0x9F, 0xBF], .invalidUTF8, at: 1),
            .badText([0xE0, 0xC0, 0x80], .invalidUTF8, at: 1),
            .badText([0xE1, 0x7F, 0x80], .invalidUTF8, at: 1),
            .badText([0xE2, 0x82], .invalidUTF8, at: 2),
            .badText([0xE2, 0x82, 0xC0], .invalidUTF8, at: 2),
            .badText([0xED, 0xA0, 0x80], .invalidUTF8, at: 1),
            .badText([0xED, 0xBF, 0xBF], .invalidUTF8, at: 1),
            .badText([0xEF, 0xBF, 0x7F], .invalidUTF8, at: 2),
            .badText([0xF0, 0x8F, 0xBF, 0xBF], .invalidUTF8, at: 1),
            .badText([0xF0, 0x90, 0x80, 0x7F], .invalidUTF8, at: 3),
            .badText([0xF3, 0xC0, 0x80, 0x80], .invalidUTF8, at: 1),
            .badText([0xF4, 0x90, 0x80, 0x80], .invalidUTF8, at: 1),
            .badText([0xF5, 0x80, 0x80, 0x80], .invalidUTF8), .badText([0xFE], .invalidUTF8),
            .badText([0xFF], .invalidUTF8),
            .badText([0x61, 0x62, 0x63, 0xFF], .invalidUTF8, at: 3),
            // In names, which have no field yet.
            .refused(
                Array(#"{""#.utf8) + [0xC0, 0x80] + Array(#"":1}"#.utf8), .invalidUTF8, at: 2),
            .refused(#"{"\ud800":1}"#, .loneSurrogate, at: 2),
            .refused("{\"a\u{1F}\":1}", .controlCharacter, at: 3),
            .refused(#"{"\q":1}"#, .unknownEscape, at: 2),
        ] as [JSONRow])
    func textIsRefused(_ row: JSONRow) {
        #expect(JSONRow.read(row.bytes) == row.expected)
    }

    /// The reader looks at eight bytes at a time; a special byte must be seen at each of them.
    @Test func specialBytesAreSeenAtEveryAlignment() {
        for length in 0...40 {
            for place in 0...length {
                var text = [UInt8](repeating: UInt8(ascii: "~"), count: length)
                text.insert(0x1F, at: place)
                let control = JSONRow.badText(text, .controlCharacter, at: place)
                #expect(JSONRow.read(control.bytes) == control.expected)
                text[place] = 0xFF
                let invalid = JSONRow.badText(text, .invalidUTF8, at: place)
                #expect(JSONRow.read(invalid.bytes) == invalid.expected)
                text.replaceSubrange(place...place, with: Array(#"\n"#.utf8))
                let good = String(decoding: text, as: UTF8.self)
                let value = good.replacing(#"\n"#, with: "\n")
                let row = JSONRow.value("\"\(good)\"", .string(value))
                #expect(JSONRow.read(row.bytes) == row.expected)
            }
        }
    }

    @Test func onlyEightLettersAndUFormEscapes() {
        for letter in UInt8.min...UInt8.max where letter != UInt8(ascii: "u") {
            let bytes = Array(#"{"a":"\"#.utf8) + [letter] + Array(#""}"#.utf8)
            switch JSONRow.read(bytes) {
            case .success:
                #expect(Array(#""\/bfnrt"#.utf8).contains(letter))
            case .failure(let fault):
                #expect(fault == JSONFault(reason: .unknownEscape, offset: 6, field: "a"))
            }
        }
    }

    @Test(arguments: [
        (String(repeating: "n", count: 63), String(repeating: "n", count: 63)),
        (String(repeating: "n", count: 64), String(repeating: "n", count: 64)),
        (String(repeating: "n", count: 65), String(repeating: "n", count: 64)),
        (String(repeating: "n", count: 62) + "\"", String(repeating: "n", count: 62) + "\\\""),
        (String(repeating: "n", count: 63) + "\"", String(repeating: "n", count: 63)),
        ("a\"b\\c", #"a\"b\\c"#), ("\n\u{1B}[31m\0", #"\u000a\u001b[31m\u0000"#),
        ("é\u{85}\u{202E}\u{2028}😀", #"é\u0085\u202e\u2028😀"#),
        (" ~\u{7F}", #" ~\u007f"#),
    ])
    func fieldsAreSafeToPrint(_ name: String, _ shown: String) {
        let fault = JSONFault(reason: .fraction, offset: 7, field: name)
        #expect(fault.field == shown)
        #expect(
            fault.detail
                == "only integers are allowed, found a fraction at byte 7, in field \"\(shown)\"")
    }

    /// A value where a name belongs, or after one, is not a name.
    @Test(arguments: [
        #"{"op":"enroll","JBSWY3DPEHPK3PXP"}"#, #"{"JBSWY3DPEHPK3PXP"}"#,
        #"{"JBSWY3DPEHPK3PXP","a":1}"#,
        #"{"code":"JBSWY3DPEHPK3PXP}"#, #"{"code":"JBSWY3DPEHPK3PXP\q"}"#,
        #"{"code":["JBSWY3DPEHPK3PXP","JBSWY3DPEHPK3PXP""#, #"{"code":{"JBSWY3DPEHPK3PXP"}}"#,
        #"{"code":"JBSWY3DPEHPK3PXP","code":"JBSWY3DPEHPK3PXP"}"#,
        #"{"code":{"JBSWY3DPEHPK3PXP":1,"JBSWY3DPEHPK3PXP":2}}"#,
    ])
    func faultsShowNoValue(_ text: String) throws {
        let fault = try #require(JSONRow.fault(Array(text.utf8)))
        #expect(!"\(fault) \(fault.detail)".contains("JBSW"))
    }

    @Test(arguments: JSONFault.Reason.allCases)
    func reasonsHaveWords(_ reason: JSONFault.Reason) {
        #expect(!reason.words.isEmpty && reason.words.last != ".")
        #expect(reason.words.first?.isLowercase != false || reason.words.hasPrefix("\\u"))
        #expect(JSONFault(reason: reason, offset: 3).detail == "\(reason.words) at byte 3")
    }
}

extension JSONRow {
    static func fault(_ bytes: [UInt8]) -> JSONFault? {
        switch read(bytes) {
        case .success: nil
        case .failure(let fault): fault
        }
    }
}
