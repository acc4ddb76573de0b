// What the writer writes, byte for byte, and that the reader and Foundation understand it as meant.
// It compares bytes: `==` on strings would hide a changed byte.

import Foundation
import JSON
import SeededRandom
import Testing

@Suite struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(reserving: 128)
        writer.begin()
        write(&writer)
        return String(decoding: writer.end(), as: UTF8.self)
    }

    @Test func everyKindOfField() {
        #expect(written { _ in } == "{}")
        #expect(written { $0.field("ok", true) } == #"{"ok":true}"#)
        let text = written { writer in
            writer.field("ok", false)
            writer.field("retry_after", 30)
            writer.field("at", Int64.max)
            writer.field("secret", "JBSWY3DP")
            writer.field("codes", ["a", "b\"c"])
            writer.field("none", [String]())
            writer.nested("limits") { writer in
                writer.field("line", 16_384)
                writer.nested("empty") { _ in }
                writer.field("x", "y")
            }
            writer.nested("users", each: ["ada", "bob"]) { $0.field("user", $1) }
            writer.nested("nobody", each: [String]()) { $0.field("user", $1) }
            writer.field("last", true)
        }
        #expect(
            text == #"{"ok":false,"retry_after":30,"at":9223372036854775807,"secret":"JBSWY3DP","#
                + #""codes":["a","b\"c"],"none":[],"limits":{"line":16384,"empty":{},"x":"y"},"#
                + #""users":[{"user":"ada"},{"user":"bob"}],"nobody":[],"last":true}"#)
    }

    @Test func valuesAreGivenBack() {
        let inner = JSONField(name: "a\"\n", value: .array([.null, .bool(false), .array([])]))
        let text = written { writer in
            writer.field("id", JSONValue.integer(-7))
            writer.field("name", JSONValue.string("x\\"))
            writer.field("object", JSONValue.object([inner, inner]))
            writer.field("empty", JSONValue.object([]))
        }
        #expect(
            text == #"{"id":-7,"name":"x\\","object":{"a\"\n":[null,false,[]],"#
                + #""a\"\n":[null,false,[]]},"empty":{}}"#)
    }

    @Test(arguments: [
        (Int64(0), "0"), (1, "1"), (9, "9"), (10, "10"), (99, "99"), (100, "100"), (-1, "-1"),
        (-10, "-10"), (.max - 1, "9223372036854775806"), (.max, "9223372036854775807"),
        (.min + 1, "-9223372036854775807"), (.min, "-9223372036854775808"),
    ])
    func integers(_ value: Int64, _ text: String) {
        #expect(written { $0.field("n", value) } == "{\"n\":\(text)}")
        #expect(written { $0.field("n", Int(value)) } == "{\"n\":\(text)}")
    }

    @Test func everyASCIICharacter() {
        let short: [UInt32: String] = [
            0x08: #"\b"#, 0x09: #"\t"#, 0x0A: #"\n"#, 0x0C: #"\f"#, 0x0D: #"\r"#, 0x22: #"\""#,
            0x5C: #"\\"#,
        ]
        for scalar in (0..<0x80).compactMap(Unicode.Scalar.init(_:)) {
            let control =
                "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            let escaped = short[scalar.value] ?? (scalar.value < 0x20 ? control : String(scalar))
            #expect(written { $0.field("s", "<\(scalar)>") } == "{\"s\":\"<\(escaped)>\"}")
        }
    }

    @Test func otherCharactersStandForThemselves() {
        let text = "\u{7F}\u{80}é€\u{2028}\u{2029}\u{FEFF}\u{FFFF}😀\u{10FFFF}/'"
        let bytes = Array(written { $0.field("s", text) }.utf8)
        #expect(bytes == Array("{\"s\":\"\(text)\"}".utf8))
    }

    @Test func linesFollowEachOther() {
        var writer = JSONWriter(reserving: 0)
        for number in 1...2 {
            writer.begin()
            writer.field("n", number)
            writer.end()
            writer.endLine()
        }
        #expect(writer.bytes == Array("{\"n\":1}\n{\"n\":2}\n".utf8))
    }

    @Test func randomTextsComeBack() throws {
        var generator = SeededGenerator.announced()
        for _ in 0..<5_000 {
            let text = randomText(&generator)
            let number = Int64.random(in: .min ... .max, using: &generator)
            var writer = JSONWriter(reserving: 16)
            writer.begin()
            writer.field("text", text)
            writer.field("number", number)
            writer.field("list", [text, ""])
            writer.field("value", JSONValue.object([JSONField(name: text, value: .string(text))]))
            writer.end()

            let fields = try JSONRow.read(writer.bytes).get()
            #expect(fields.map(\.name) == ["text", "number", "list", "value"])
            #expect(fields[1].value == .integer(number))
            let strings = fields.flatMap { Self.strings($0.value) }
            #expect(
                strings.map { Array($0.utf8) }
                    == [text, text, "", text, text].map { Array($0.utf8) })

            // Foundation drops U+FEFF where a run of plain text begins with it.
            guard !text.unicodeScalars.contains("\u{FEFF}") else { continue }
            let judged =
                try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any]
            let judgedText = try #require(judged?["text"] as? String)
            #expect(Array(judgedText.utf8) == Array(text.utf8))
        }
    }

    private func randomText(_ generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...40, using: &generator) {
            let top: UInt32 =
                [0x20, 0x80, 0x80, 0x800, 0x1_0000, 0x11_0000].randomElement(using: &generator) ?? 1
            // Surrogates are no scalars: they are left out.
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<top, using: &generator)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func strings(_ value: JSONValue) -> [String] {
        switch value {
        case .null, .bool, .integer: []
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(strings)
        case .object(let fields): fields.flatMap { [$0.name] + strings($0.value) }
        }
    }
}
