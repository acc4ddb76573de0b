// Passing over a value: the grammar of RFC 8259, and of numbers all of it. What a reader of
// requests takes, a reader of replies passes.

import JSON
import SeededRandom
import Testing

@Suite struct JSONSkippingTests {
    /// Whether the one object in a text can be passed over, to its last byte.
    private func passes(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { bytes in
            do throws(JSONFault) {
                try JSONReader.read(bytes) { reader throws(JSONFault) in
                    try reader.skipAnyValue(depth: 0)
                }
                return true
            } catch {
                return false
            }
        }
    }

    @Test(arguments: ["0", "-0", "7", "10", "-1.5", "0.25", "1e3", "1E+30", "-0.0e-0", "1e400"])
    func numbers(_ number: String) {
        #expect(passes("{\"a\":\(number)}"))
        #expect(passes("{\"a\":[\(number),\(number) ]}"))
    }

    @Test(arguments: ["", "01", "-", "--1", "+1", ".5", "1.", "1.e3", "1e", "1e+", "0x1", "NaN"])
    func noNumbers(_ text: String) {
        #expect(!passes("{\"a\":\(text)}"))
    }

    @Test("what can be read can be passed over")
    func agrees() {
        var generator = SeededGenerator.announced()
        var count = 0
        for _ in 0..<5_000 {
            var source = RandomJSON(generator: generator)
            let text = source.object(depth: 1)
            generator = source.generator
            guard case .success = JSONRow.read(Array(text.utf8)) else { continue }
            count += 1
            #expect(passes(text))
        }
        #expect(count > 500, "a generator of nothing but refusals would test nothing")
    }

    @Test("text that is cut short anywhere is not passed")
    func cutShort() {
        let text = #"{"a":[1,-2.5e+3,{"b":"\u00e9"},[]],"c":null,"d":true}"#
        #expect(passes(text))
        for count in 0..<text.utf8.count { #expect(!passes(String(text.prefix(count)))) }
    }

    @Test("depth has a limit")
    func depth() {
        let most = JSONReader.skippedDepthMax
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                + "}"
        }
        #expect(passes(nested(most - 1)))
        #expect(!passes(nested(most)))
        #expect(!passes(nested(500_000)))
    }
}
