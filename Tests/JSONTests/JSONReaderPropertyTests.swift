// What holds for every text, tried on prefixes, mutations and random texts. Foundation is the
// judge, since our own writer may share the reader's mistakes.

import Foundation
import JSON
import SeededRandom
import Testing

@Suite struct JSONReaderPropertyTests {
    static let documents = [
        "{}", #"{"op":"verify","user":"user-0012345","code":"123456"}"#,
        #"{"id":-12,"accept":["totp","backup"],"remember":true,"x":null,"y":false}"#,
        #" { "a" : { "b" : [ 1 , { "c" : "d" } ] } , "\u0075ser" : "\ud83d\ude00\n" }"#,
        #"{"é€😀":"ünï\"\\\/\b\f","n":9223372036854775807,"m":-9223372036854775808,"z":0}"#,
    ]

    @Test(arguments: documents) func everyProperPrefixIsTooShort(_ document: String) {
        let bytes = Array(document.utf8)
        #expect(JSONRow.fault(bytes) == nil)
        for count in bytes.indices {
            let fault = JSONRow.fault(Array(bytes[..<count]))
            #expect(fault?.reason == .unexpectedEnd, "\(count) bytes")
            #expect(fault?.offset == count)
        }
    }

    @Test(arguments: documents) func everyMutationIsReadOrRefused(_ document: String) {
        let bytes = Array(document.utf8)
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var replaced = bytes
                replaced[index] = byte
                check(replaced)
                var longer = bytes
                longer.insert(byte, at: index)
                check(longer)
            }
            var shorter = bytes
            shorter.remove(at: index)
            check(shorter)
        }
    }

    @Test func randomTextsAgreeWithFoundation() {
        var generator = SeededGenerator.announced()
        var acceptedCount = 0
        for _ in 0..<20_000 {
            var source = RandomJSON(generator: generator)
            var bytes = Array(source.object(depth: 1).utf8)
            generator = source.generator
            if Bool.random(using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            acceptedCount += check(bytes) ? 1 : 0
        }
        // A generator of nothing but refusals would test nothing.
        #expect(acceptedCount > 2_000)
    }

    @Test func randomBytesAreReadOrRefused() {
        var generator = SeededGenerator.announced()
        let alphabet = Array(#"{}[]:,"\u0d8e1-.tfn \#n"#.utf8) + [0xC3, 0xA9, 0xED, 0xF0, 0x00]
        for _ in 0..<50_000 {
            let count = Int.random(in: 0...24, using: &generator)
            let rest = (0..<count).map { _ in
                alphabet[Int.random(in: alphabet.indices, using: &generator)]
            }
            check(Array(#"{"a":"#.utf8) + rest)
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":", "]", "}", "\"", "\\", "{", "-", "0", "\u{7F}"])
    func bombsAreRefused(_ piece: String) throws {
        let bomb = String(repeating: piece, count: 100_000)
        for head in ["", "{", "{\"a\":", "{\"a\":\"", "{\"a\":[1,"] {
            let fault = try #require(JSONRow.fault(Array((head + bomb).utf8)))
            #expect(fault.offset <= head.utf8.count + bomb.utf8.count)
        }
        #expect(
            JSONRow.fault(Array(("{\"a\":" + String(repeating: "[", count: 100_000)).utf8))
                == JSONFault(reason: .tooDeep, offset: 8, field: "a"))
    }

    /// True when the text is accepted, by us and so by Foundation, with equal values. What
    /// Foundation accepts and we refuse is refused for a reason we are known for.
    @discardableResult
    private func check(_ bytes: [UInt8]) -> Bool {
        let judged = judge(bytes)
        switch JSONRow.read(bytes) {
        case .success(let fields):
            guard let judged else {
                Issue.record("foundation refuses \(String(decoding: bytes, as: UTF8.self))")
                return true
            }
            #expect(agrees(.object(fields), judged), "\(String(decoding: bytes, as: UTF8.self))")
            return true
        case .failure(let fault):
            #expect((0...bytes.count).contains(fault.offset))
            #expect((fault.field?.utf8.count ?? 0) <= JSONFault.fieldBytesMax)
            #expect(!fault.detail.unicodeScalars.contains(where: Self.isUnseen))
            // Foundation takes zero bytes for a sign of UTF-16 or UTF-32, which we do not speak.
            guard judged != nil, !bytes.contains(0) else { return false }
            let isKnown =
                Self.strictness.contains(fault.reason)
                || isCommaBeforeBracket(fault, in: bytes)
            #expect(isKnown, "\(fault.detail): \(String(decoding: bytes, as: UTF8.self))")
            return false
        }
    }

    /// Foundation lets one comma stand before a closing bracket; RFC 8259 does not.
    private func isCommaBeforeBracket(_ fault: JSONFault, in bytes: [UInt8]) -> Bool {
        guard fault.reason == .unexpectedByte, [0x5D, 0x7D].contains(bytes[fault.offset]) else {
            return false
        }
        let before = bytes[..<fault.offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return before == UInt8(ascii: ",")
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        case .spaceSeparator: return scalar != " "
        case _: return false
        }
    }

    static let strictness: Set<JSONFault.Reason> = [
        .byteOrderMark, .notAnObject, .duplicateName, .tooDeep, .tooManyFields, .tooManyElements,
        .negativeZero, .fraction, .exponent, .integerOutOfRange,
    ]

    private func judge(_ bytes: [UInt8]) -> Any? {
        do {
            return try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        } catch {
            return nil
        }
    }

    private func agrees(_ value: JSONValue, _ judged: Any) -> Bool {
        switch value {
        case .null: return judged is NSNull
        case .bool(let value): return (judged as? NSNumber) == NSNumber(value: value)
        case .integer(let value): return (judged as? NSNumber)?.int64Value == value
        case .string(let value):
            guard let text = judged as? String else { return false }
            return value.utf8.elementsEqual(text.utf8)
        case .array(let elements):
            guard let list = judged as? [Any], list.count == elements.count else { return false }
            return zip(elements, list).allSatisfy { agrees($0, $1) }
        case .object(let fields):
            guard let table = judged as? [String: Any] else { return false }
            // Foundation makes one of two names that are canonically equivalent; we do not.
            guard table.count == fields.count else {
                return table.count == Set(fields.map(\.name)).count
            }
            return fields.allSatisfy { field in
                table[field.name].map { agrees(field.value, $0) } ?? false
            }
        }
    }
}
