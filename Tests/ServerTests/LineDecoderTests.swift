// Lines out of bytes, in whatever pieces they come. Only LF ends a line; one that is too long is
// said to be so once, and the line after it is whole.

import NIOCore
import Testing

@testable import Server

@Suite("Cutting bytes into lines")
struct LineDecoderTests {
    private static let limit = 16_384

    /// Feeds pieces; a line comes out as its text, one that is too long as "too long".
    private static func lines(
        _ pieces: [[UInt8]], _ decoder: inout LineDecoder
    ) -> [String] {
        var lines: [String] = []
        for piece in pieces {
            var bytes = ByteBuffer(bytes: piece)
            decoder.append(&bytes)
            lines += allThere(in: &decoder)
        }
        return lines
    }

    private static func allThere(in decoder: inout LineDecoder) -> [String] {
        var lines: [String] = []
        while decoder.next({ line in
            switch line {
            case .tooLong: lines.append("too long")
            case .cut: lines.append("cut")
            case .line(let bytes): lines.append(String(decoding: bytes, as: UTF8.self))
            }
        }) {}
        return lines
    }

    private static func lines(_ pieces: [[UInt8]]) -> [String] {
        var decoder = LineDecoder(lineBytesMax: limit)
        return lines(pieces, &decoder)
    }

    private static func line(of count: Int, _ letter: String = "a") -> [UInt8] {
        Array(repeatElement(letter, count: count).joined().utf8) + [0x0a]
    }

    @Test("gives the same lines wherever the bytes are split")
    func everySplit() {
        let text = "{}\n\n\na\rb\r\n\u{b}v\u{c}f\u{85}\u{2028}\n\0\n\u{feff}é\n \n"
        let expected = [
            "{}", "", "", "a\rb\r", "\u{b}v\u{c}f\u{85}\u{2028}", "\0", "\u{feff}é", " ",
        ]
        let bytes = Array(text.utf8)
        #expect(Self.lines([bytes]) == expected)
        #expect(Self.lines(bytes.map { [$0] }) == expected)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]]
                #expect(Self.lines(pieces.map { Array($0) }) == expected)
            }
        }
    }

    @Test("takes many lines out of one read")
    func manyLines() {
        let texts = (0..<5000).map { "line \($0)" }
        let bytes = Array(texts.map { $0 + "\n" }.joined().utf8)
        #expect(Self.lines([bytes]) == texts)
        #expect(Self.lines([Array(bytes[..<20_001]), Array(bytes[20_001...])]) == texts)
    }

    @Test("knows the limit to the byte", arguments: [1, 1000, 16_383, 16_384, 16_385, 40_000])
    func limit(piece: Int) {
        for count in [16_383, 16_384, 16_385, 32_768] {
            let isFitting = count <= 16_384
            let bytes = Self.line(of: count) + Self.line(of: 2, "b") + Self.line(of: count, "c")
            let pieces = stride(from: 0, to: bytes.count, by: piece).map {
                Array(bytes[$0..<min($0 + piece, bytes.count)])
            }
            let lines = Self.lines(pieces)
            #expect(lines.count == 3)
            #expect((lines.first == "too long") == !isFitting, "\(count) bytes by \(piece)")
            #expect(lines.dropFirst().first == "bb")
            #expect((lines.last == "too long") == !isFitting)
            if isFitting { #expect(lines.first?.utf8.count == count) }
        }
    }

    @Test("says so at once when a line has grown too long, and says it once")
    func endless() {
        var decoder = LineDecoder(lineBytesMax: Self.limit)
        #expect(Self.lines([[UInt8](repeating: 0x61, count: 16_384)], &decoder) == [])
        #expect(decoder.hasPartialLine)
        #expect(Self.lines([[0x61]], &decoder) == ["too long"])
        #expect(decoder.hasPartialLine)
        let chunk = [UInt8](repeating: 0x62, count: 65_536)
        for _ in 0..<200 {
            #expect(Self.lines([chunk], &decoder) == [])
            #expect(decoder.capacity <= 262_144)
        }
        #expect(Self.lines([[0x0a] + Self.line(of: 3, "c")], &decoder) == ["ccc"])
        #expect(!decoder.hasPartialLine)
    }

    @Test("tells a line that has begun from one that has not")
    func partial() {
        var decoder = LineDecoder(lineBytesMax: Self.limit)
        #expect(!decoder.hasPartialLine)
        #expect(Self.lines([[0x61]], &decoder) == [])
        #expect(decoder.hasPartialLine)
        #expect(Self.lines([[0x0a]], &decoder) == ["a"])
        #expect(!decoder.hasPartialLine)
        #expect(Self.lines([[0x0a, 0x0a, 0x62]], &decoder) == ["", ""])
        #expect(decoder.hasPartialLine)
    }

    @Test(
        "tells once of a line that the end of the stream has cut off",
        arguments: [
            ("", []), ("a\n", ["a"]), ("a\nb", ["a", "cut"]), ("b", ["cut"]), ("\n", [""]),
        ])
    func end(text: String, expected: [String]) {
        var decoder = LineDecoder(lineBytesMax: Self.limit)
        var bytes = ByteBuffer(string: text)
        decoder.append(&bytes)
        decoder.close()
        #expect(decoder.hasLines)
        #expect(Self.allThere(in: &decoder) == expected)
        #expect(decoder.hasEnded && !decoder.hasLines && !decoder.needsBytes)
        #expect(Self.allThere(in: &decoder) == [])
    }

    @Test(
        "does not tell twice of a line that is too long and has no end", arguments: [true, false])
    func endOfTooLong(isToldBefore: Bool) {
        var decoder = LineDecoder(lineBytesMax: Self.limit)
        var bytes = ByteBuffer(repeating: 0x61, count: Self.limit + 1)
        decoder.append(&bytes)
        var told = isToldBefore ? Self.allThere(in: &decoder) : []
        decoder.close()
        told += Self.allThere(in: &decoder)
        #expect(told == ["too long"])
        #expect(decoder.hasEnded)
    }

    @Test("says whether lines wait, and whether it needs bytes")
    func waiting() {
        var decoder = LineDecoder(lineBytesMax: Self.limit)
        #expect(decoder.needsBytes && !decoder.isInsideLine)
        var bytes = ByteBuffer(string: "a\nb")
        decoder.append(&bytes)
        #expect(decoder.hasLines && !decoder.needsBytes && !decoder.isInsideLine)
        #expect(Self.allThere(in: &decoder) == ["a"])
        #expect(decoder.needsBytes && decoder.isInsideLine)
        decoder.close()
        #expect(decoder.hasLines && !decoder.hasEnded)
        decoder.drop()
        #expect(decoder.hasEnded && !decoder.hasLines)
    }

    @Test("hands out a line each time it is asked, and holds the rest")
    func oneByOne() {
        var decoder = LineDecoder(lineBytesMax: Self.limit)
        var bytes = ByteBuffer(string: "a\nb\nc")
        decoder.append(&bytes)
        var lines: [String] = []
        func take(_ line: LineDecoder.Line) {
            if case .line(let bytes) = line { lines.append(String(decoding: bytes, as: UTF8.self)) }
        }
        var isTaken = decoder.next(take)
        #expect(isTaken && lines == ["a"])
        var rest = ByteBuffer(string: "d\n")
        decoder.append(&rest)
        isTaken = decoder.next(take) && decoder.next(take)
        #expect(isTaken)
        isTaken = decoder.next(take)
        #expect(!isTaken)
        #expect(lines == ["a", "b", "cd"])
    }
}
