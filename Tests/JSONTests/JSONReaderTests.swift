// What the reader accepts and what it refuses, by tables: each refusal with its reason and its
// place, each limit one below, at, and one above. Every reason has a row.

import JSON
import Testing

/// One text and what must come of it.
struct JSONRow: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let expected: Result<[JSONField], JSONFault>

    var testDescription: String {
        String(String(decoding: bytes, as: UTF8.self).prefix(80))
    }

    static func reads(_ text: String, _ fields: (String, JSONValue)...) -> JSONRow {
        let fields = fields.map { JSONField(name: $0.0, value: $0.1) }
        return JSONRow(bytes: Array(text.utf8), expected: .success(fields))
    }

    /// `{"a":` text `}`
    static func value(_ text: String, _ value: JSONValue) -> JSONRow {
        reads(#"{"a":\#(text)}"#, ("a", value))
    }

    static func refused(
        _ text: String, _ reason: JSONFault.Reason, at offset: Int, in field: String? = nil
    ) -> JSONRow {
        refused(Array(text.utf8), reason, at: offset, in: field)
    }

    static func refused(
        _ bytes: [UInt8], _ reason: JSONFault.Reason, at offset: Int, in field: String? = nil
    ) -> JSONRow {
        let fault = JSONFault(reason: reason, offset: offset, field: field)
        return JSONRow(bytes: bytes, expected: .failure(fault))
    }

    /// `{"a":` text `}`, at fault `offset` bytes into the value.
    static func badValue(
        _ text: String, _ reason: JSONFault.Reason, at offset: Int = 0
    ) -> JSONRow {
        refused(#"{"a":\#(text)}"#, reason, at: 5 + offset, in: "a")
    }

    /// `{"a":"` bytes `"}`, at fault `offset` bytes into the string.
    static func badText(
        _ bytes: [UInt8], _ reason: JSONFault.Reason, at offset: Int = 0
    ) -> JSONRow {
        refused(
            Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8), reason, at: 6 + offset, in: "a")
    }

    static func read(_ bytes: [UInt8]) -> Result<[JSONField], JSONFault> {
        bytes.withUnsafeBytes { buffer in
            do throws(JSONFault) {
                return .success(try JSONReader.object(from: buffer))
            } catch {
                return .failure(error)
            }
        }
    }
}

func list(_ count: Int, _ element: (Int) -> String) -> String {
    (0..<count).map(element).joined(separator: ",")
}

@Suite struct JSONReaderTests {
    @Test(
        arguments: [
            .reads("{}"), .reads(" \t\r\n{ \t\r\n} \t\r\n"),
            .reads(#"{"":null}"#, ("", .null)),
            .reads(
                #" { "a" : true , "b" : false , "c" : [ ] , "d" : { } } "#,
                ("a", .bool(true)), ("b", .bool(false)), ("c", .array([])), ("d", .object([]))),
            .reads(
                #"{"op":"verify","user":"user-0012345","code":"123456"}"#,
                ("op", .string("verify")), ("user", .string("user-0012345")),
                ("code", .string("123456"))),
            .reads(#"{"\u0075ser":1}"#, ("user", .integer(1))),
            .reads(
                #"{"a":1,"A":2,"aa":3}"#, ("a", .integer(1)), ("A", .integer(2)),
                ("aa", .integer(3))),
            .value(
                #"[1,"x",null,[true]]"#,
                .array([.integer(1), .string("x"), .null, .array([.bool(true)])])),
            .value(
                #"{"a":{"a":1}}"#,
                .object([
                    JSONField(name: "a", value: .object([JSONField(name: "a", value: .integer(1))]))
                ])),
            .value(
                #"[{"b":1},{"b":2}]"#,
                .array([
                    .object([JSONField(name: "b", value: .integer(1))]),
                    .object([JSONField(name: "b", value: .integer(2))]),
                ])),
        ] as [JSONRow])
    func shapesAreRead(_ row: JSONRow) {
        #expect(JSONRow.read(row.bytes) == row.expected)
    }

    @Test(
        arguments: [
            .refused("", .unexpectedEnd, at: 0), .refused("  ", .unexpectedEnd, at: 2),
            .refused("[]", .notAnObject, at: 0), .refused(" 1", .notAnObject, at: 1),
            .refused(#""a""#, .notAnObject, at: 0), .refused("null", .notAnObject, at: 0),
            .refused("}", .notAnObject, at: 0), .refused("\u{A0}{}", .notAnObject, at: 0),
            .refused("\u{FEFF}{}", .byteOrderMark, at: 0),
            .refused("\u{FEFF}", .byteOrderMark, at: 0),
            .refused(" \u{FEFF}{}", .notAnObject, at: 1),
            .refused("{}\u{FEFF}", .trailingBytes, at: 2),
            .refused("{}{}", .trailingBytes, at: 2), .refused("{} ,", .trailingBytes, at: 3),
            .refused("{}\u{0}", .trailingBytes, at: 2), .refused("{}}", .trailingBytes, at: 2),
            .refused("{,}", .unexpectedByte, at: 1), .refused(#"{"a":1,}"#, .unexpectedByte, at: 7),
            .refused(#"{"a":1,,"b":2}"#, .unexpectedByte, at: 7),
            .refused(#"{"a":1 "b":2}"#, .unexpectedByte, at: 7),
            .refused("{a:1}", .unexpectedByte, at: 1), .refused("{'a':1}", .unexpectedByte, at: 1),
            .refused("{1:1}", .unexpectedByte, at: 1), .refused("{null:1}", .unexpectedByte, at: 1),
            .refused("{]", .unexpectedByte, at: 1), .refused(#"{"a":1]"#, .unexpectedByte, at: 6),
            .refused("/**/{}", .notAnObject, at: 0), .refused("{/**/}", .unexpectedByte, at: 1),
            .badValue("", .unexpectedByte), .badValue(",", .unexpectedByte),
            .badValue(":", .unexpectedByte),
            .badValue("[1,]", .unexpectedByte, at: 3), .badValue("[,]", .unexpectedByte, at: 1),
            .badValue("[1 2]", .unexpectedByte, at: 3), .badValue("[1}", .unexpectedByte, at: 2),
            .badValue("True", .unexpectedByte), .badValue("trux", .unexpectedByte, at: 3),
            .badValue("fals ", .unexpectedByte, at: 4), .badValue("nul", .unexpectedByte, at: 3),
            .badValue("NaN", .unexpectedByte), .badValue("Infinity", .unexpectedByte),
            .badValue("'x'", .unexpectedByte), .badValue("\u{B}1", .unexpectedByte),
            .refused(#"{"a":truex}"#, .unexpectedByte, at: 9),
            .refused(#"{"a":"x"y}"#, .unexpectedByte, at: 8),
        ] as [JSONRow])
    func shapesAreRefused(_ row: JSONRow) {
        #expect(JSONRow.read(row.bytes) == row.expected)
    }

    @Test(
        arguments: [
            .refused(#"{"a":1,"a":1}"#, .duplicateName, at: 7, in: "a"),
            .refused(#"{"":1,"":1}"#, .duplicateName, at: 6, in: ""),
            .refused(#"{"user":1,"\u0075ser":2}"#, .duplicateName, at: 10, in: "user"),
            .refused(#"{"\u0075ser":1, "user":2}"#, .duplicateName, at: 16, in: "user"),
            .refused(#"{"é":1,"\u00e9":2}"#, .duplicateName, at: 8, in: "é"),
            .refused(#"{"x":{"a":1,"b":2,"a":3}}"#, .duplicateName, at: 18, in: "x"),
            .refused(#"{"x":[{"a":1},{"b":1,"b":2}]}"#, .duplicateName, at: 21, in: "x"),
            // Equal to Swift's `==`, yet not the same bytes, and so not the same name.
            .reads(
                "{\"\u{E9}\":1,\"e\u{301}\":2}", ("\u{E9}", .integer(1)),
                ("e\u{301}", .integer(2))),
        ] as [JSONRow])
    func aNameComesOnce(_ row: JSONRow) {
        #expect(JSONRow.read(row.bytes) == row.expected)
    }

    @Test(
        arguments: [
            .value("0", .integer(0)), .value("-1", .integer(-1)), .value("10", .integer(10)),
            .value("9223372036854775806", .integer(.max - 1)),
            .value("9223372036854775807", .integer(.max)),
            .badValue("9223372036854775808", .integerOutOfRange),
            .value("-9223372036854775807", .integer(.min + 1)),
            .value("-9223372036854775808", .integer(.min)),
            .badValue("-9223372036854775809", .integerOutOfRange),
            .badValue("18446744073709551615", .integerOutOfRange),
            .badValue("18446744073709551616", .integerOutOfRange),
            .badValue("184467440737095516160", .integerOutOfRange),
            .badValue("-18446744073709551617", .integerOutOfRange),
            .badValue(String(repeating: "9", count: 1000), .integerOutOfRange),
            .badValue("-0", .negativeZero), .badValue("-00", .leadingZero),
            .badValue("00", .leadingZero),
            .badValue("01", .leadingZero), .badValue("-01", .leadingZero),
            .badValue("0.0", .fraction, at: 1), .badValue("1.5", .fraction, at: 1),
            .badValue("-0.0", .fraction, at: 2), .badValue("1.", .fraction, at: 1),
            .badValue("1e1", .exponent, at: 1), .badValue("12E+1", .exponent, at: 2),
            .badValue("0e0", .exponent, at: 1), .badValue("+1", .unexpectedByte),
            .badValue("-", .unexpectedByte, at: 1), .badValue("--1", .unexpectedByte, at: 1),
            .badValue("-a", .unexpectedByte, at: 1), .badValue(".5", .unexpectedByte),
            .refused(#"{"a":0x1}"#, .unexpectedByte, at: 6),
            .refused(#"{"a":1 2}"#, .unexpectedByte, at: 7),
        ] as [JSONRow])
    func numbersAreIntegersOf64Bits(_ row: JSONRow) {
        #expect(JSONRow.read(row.bytes) == row.expected)
    }

    @Test(
        arguments: [
            .value(#"{"b":[1]}"#, .object([JSONField(name: "b", value: .array([.integer(1)]))])),
            .value("[[[1]]]", .array([.array([.array([.integer(1)])])])),
            .badValue("[[[[1]]]]", .tooDeep, at: 3), .badValue("[[[{}]]]", .tooDeep, at: 3),
            .badValue(#"{"b":{"c":{"d":{}}}}"#, .tooDeep, at: 15),
            .badValue(#"[{"b":[[]]}]"#, .tooDeep, at: 7),
        ] as [JSONRow])
    func depthHasALimit(_ row: JSONRow) {
        #expect(JSONRow.read(row.bytes) == row.expected)
    }

    @Test func fieldsHaveALimit() {
        for count in [31, 32] {
            let text = "{" + list(count) { "\"\($0)\":\($0)" } + "}"
            let fields = (0..<count).map { JSONField(name: "\($0)", value: .integer(Int64($0))) }
            #expect(JSONRow.read(Array(text.utf8)) == .success(fields))
        }

        let head = "{" + list(32) { "\"\($0)\":\($0)" } + ","
        let tooMany = JSONRow.refused(head + "\"32\":1}", .tooManyFields, at: head.utf8.count)
        #expect(JSONRow.read(tooMany.bytes) == tooMany.expected)
        let nested = JSONRow.badValue(head + "\"32\":1}", .tooManyFields, at: head.utf8.count)
        #expect(JSONRow.read(nested.bytes) == nested.expected)
    }

    @Test func elementsHaveALimit() {
        for count in [63, 64] {
            let row = JSONRow.value(
                "[" + list(count) { "\($0)" } + "]",
                .array((0..<count).map { .integer(Int64($0)) }))
            #expect(JSONRow.read(row.bytes) == row.expected)
        }

        let head = "[" + list(64) { "\($0)" } + ","
        let tooMany = JSONRow.badValue(head + "64]", .tooManyElements, at: head.utf8.count)
        #expect(JSONRow.read(tooMany.bytes) == tooMany.expected)
    }

    @Test func onlyFourBytesAreWhiteSpace() {
        for byte in UInt8.min...UInt8.max {
            let isSpace = [0x20, 0x09, 0x0A, 0x0D].contains(byte)
            // A byte in a place where only white space may stand.
            for place in [0, 1, 4, 5, 6, 7] {
                var bytes = Array(#"{"a":1}"#.utf8)
                bytes.insert(byte, at: place)
                let isDigitAfterOne = place == 6 && (0x30...0x39).contains(byte)
                let isMinusBeforeOne = place == 5 && byte == UInt8(ascii: "-")
                let isDigitBeforeOne = place == 5 && (0x31...0x39).contains(byte)
                guard !isDigitAfterOne, !isMinusBeforeOne, !isDigitBeforeOne else { continue }
                let isRead =
                    JSONRow.read(bytes) == .success([JSONField(name: "a", value: .integer(1))])
                #expect(isRead == isSpace, "byte \(byte) at \(place)")
            }
        }
    }
}
