// Shows what a key file may say, and that a message about a bad one names the line and quotes
// nothing.

import Testing

@testable import Secrets

@Suite struct KeyRingTests {
    static let first = "totpd-master-key-1 0000000a " + String(repeating: "1f", count: 32)
    static let second = "totpd-master-key-1 FFFFFFFF " + String(repeating: "2E", count: 32)

    struct Good: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let ids: [UInt32]

        init(_ name: String, _ text: String, _ ids: [UInt32]) {
            (testDescription, self.text, self.ids) = (name, text, ids)
        }
    }

    static let good = [
        Good("one line", first + "\n", [10]),
        Good("no newline at the end", first, [10]),
        Good("two keys, the first current", first + "\n" + second + "\n", [10, .max]),
        Good("the other order", second + "\n" + first, [.max, 10]),
        Good("comments and blank lines", "# a\n\n#\n" + first + "\n\n\n# z", [10]),
        Good("a comment that looks like a key", "#" + second + "\n" + first, [10]),
        Good("a comment that ends in a carriage return", "# a\r\n" + first, [10]),
    ]

    @Test(arguments: good) func reads(_ row: Good) throws {
        let ring = try parse(row.text)
        #expect(ring.keys.map(\.id.rawValue) == row.ids)
        #expect(ring.current.id.rawValue == row.ids[0])
        for key in ring.keys {
            let byte: UInt8 = key.id.rawValue == 10 ? 0x1f : 0x2e
            #expect(key.key == SecretBytes(repeated(byte, 32)))
            #expect(ring.key(key.id)?.key == key.key)
        }
        #expect(ring.key(KeyID(rawValue: 11)) == nil)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let line: Int

        init(_ name: String, _ text: String, line: Int) {
            (testDescription, self.text, self.line) = (name, text, line)
        }
    }

    static let bad = [
        Bad("carriage returns", first + "\r\n" + second + "\r\n", line: 1),
        Bad("a carriage return further down", first + "\n" + second + "\r\n", line: 2),
        Bad("a line that is one space", first + "\n \n", line: 2),
        Bad("a blank first", " " + first, line: 1),
        Bad("a blank last", "\n\n" + first + " \n", line: 3),
        Bad("an indented comment", " # comment\n" + first, line: 1),
        Bad("a tab between", first.replacing(" ", with: "\t"), line: 1),
        Bad("two spaces between", first.replacing(" ", with: "  "), line: 1),
        Bad("another version", first.replacing("key-1", with: "key-2"), line: 1),
        Bad("capitals", first.replacing("totpd", with: "TOTPD"), line: 1),
        Bad("no id", "totpd-master-key-1 " + String(repeating: "1f", count: 32), line: 1),
        Bad("a short id", first.replacing("0000000a", with: "000000a"), line: 1),
        Bad("an id that is no number", first.replacing("0000000a", with: "0000000g"), line: 1),
        Bad("a sign in the id", first.replacing("0000000a", with: "+000000a"), line: 1),
        Bad("a key one digit short", String(first.dropLast()), line: 1),
        Bad("a key one digit long", first + "1", line: 1),
        Bad("a key that is no number", String(first.dropLast()) + "g", line: 1),
        Bad("a key whose first digit is none", first.replacing("a 1f", with: "a xf"), line: 1),
        Bad("a letter of two bytes", String(first.dropLast(2)) + "é", line: 1),
        Bad("a key and a comment", first + " # mine", line: 1),
        Bad("an id twice", first + "\n" + second + "\n" + first, line: 3),
        Bad(
            "an id twice, in other letters", second + "\n" + second.lowercased() + "\n", line: 2),
        Bad("rubbish", first + "\n# ok\nrubbish", line: 3),
        Bad("a zero byte", first + "\n\0", line: 2),
        Bad("a byte order mark", "\u{FEFF}" + first, line: 1),
    ]

    @Test(arguments: bad) func refuses(_ row: Bad) {
        let fault = #expect(throws: KeyFileFault.self) { try parse(row.text) }
        guard let fault, case .malformed(let line, let what) = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(line == row.line)
        #expect(fault.description == "line \(row.line): \(what)")
        for text in [fault.description, "\(fault)", String(reflecting: fault)] {
            for leak in ["1f1f", "2e2e", "2E2E", "rubbish", "mine"] {
                #expect(!text.contains(leak), "\(text)")
            }
        }
    }

    @Test(arguments: ["", "\n", "\n\n", "# no key here\n", "#", "\n# a\n\n"])
    func holdsNoKey(_ text: String) {
        #expect(throws: KeyFileFault.noKey) { try parse(text) }
    }

    @Test func bytesThatAreNoText() {
        let text = Array(Self.first.utf8) + [0x0a, 0xff, 0xfe]
        let fault = #expect(throws: KeyFileFault.self) {
            try text.withBytes { try KeyRing(text: $0) }
        }
        #expect(fault?.description.hasPrefix("line 2: ") == true)
    }

    @Test func whatIsGeneratedIsRead() throws {
        let (newer, older) = (MasterKey.generate(), MasterKey.generate())
        let ring = try parse(newer.line + "\n" + older.line + "\n")
        #expect(ring.keys.map(\.id) == [newer.id, older.id])
        #expect(ring.keys.map(\.key) == [newer.key, older.key])
        #expect(newer.key != older.key)
    }

    @Test(
        arguments: [
            (0, "00000000"), (10, "0000000a"), (0x0102_03ff, "010203ff"), (.max, "ffffffff"),
        ] as [(UInt32, String)])
    func idsPrintAsTheyAreRead(_ value: UInt32, _ text: String) {
        #expect(KeyID(rawValue: value).description == text)
    }

    private func parse(_ text: String) throws(KeyFileFault) -> KeyRing {
        try Array(text.utf8).withBytes { bytes throws(KeyFileFault) in try KeyRing(text: bytes) }
    }
}
