// However bytes are cut into parts, the lines are the same; and half a line is none.

import Testing

@testable import TOTPClient

@Suite struct LineBufferTests {
    @Test("a text cut in three at every two places gives the same lines")
    func splits() throws {
        let text = Array("ab\n\ncdé\nrest".utf8)
        let expected = ["ab", "", "cdé"]
        for first in 0...text.count {
            for second in first...text.count {
                var buffer = LineBuffer()
                var lines: [String] = []
                for part in [text[..<first], text[first..<second], text[second...]] {
                    lines += try taken(from: &buffer, after: part)
                }
                #expect(lines == expected, "cut at \(first) and \(second)")
                #expect(buffer.count == "rest".utf8.count)
            }
        }
    }

    @Test("a line of the limit passes, one byte more does not, with its LF or without")
    func limit() throws {
        let longest = [UInt8](repeating: 120, count: LineBuffer.lineBytesMax)
        var buffer = LineBuffer()
        #expect(try taken(from: &buffer, after: longest[...]) == [])
        #expect(try taken(from: &buffer, after: [10]).first?.utf8.count == longest.count)
        #expect(buffer.isEmpty)

        for ending: [UInt8] in [[120], [120, 10]] {
            var buffer = LineBuffer()
            #expect(throws: ClientError.lineTooLong) {
                try taken(from: &buffer, after: (longest + ending)[...])
            }
        }
    }

    @Test("lines that were given out take no room, though the buffer is never empty")
    func room() throws {
        var buffer = LineBuffer()
        let part = [UInt8](repeating: 120, count: 1_000) + [10] + [120]
        for _ in 0..<1_000 {
            #expect(try taken(from: &buffer, after: part[...]).count == 1)
            #expect(buffer.storedCount <= 2 * part.count)
        }
    }

    private func taken(
        from buffer: inout LineBuffer, after part: ArraySlice<UInt8>
    ) throws -> [String] {
        part.withUnsafeBytes { buffer.append($0) }
        var lines: [String] = []
        while let line = try buffer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }
}
