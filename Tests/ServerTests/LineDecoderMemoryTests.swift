// A connection may live for months and never pause between lines: what it holds does not grow.

import NIOCore
import Testing

@testable import Server

@Suite struct LineDecoderMemoryTests {
    @Test("reads that always end inside a line do not grow the buffer")
    func partialTails() {
        var decoder = LineDecoder(lineBytesMax: 16_384)
        let chunk =
            [UInt8](repeating: UInt8(ascii: "x"), count: 1000) + [UInt8(ascii: "\n")]
            + [UInt8](repeating: UInt8(ascii: "y"), count: 500)
        var lines = 0
        for _ in 0..<10_000 {
            var bytes = ByteBuffer(bytes: chunk)
            decoder.append(&bytes)
            while decoder.next({ _ in lines += 1 }) {}
        }
        #expect(lines == 10_000)
        #expect(decoder.capacity < 65_536)
    }
}
