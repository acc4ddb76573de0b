// Random texts close to JSON: mostly well formed, sometimes breaking one rule, so that refusals are
// tried too.

import JSON
import SeededRandom

struct RandomJSON {
    var generator: SeededGenerator

    mutating func object(depth: Int) -> String {
        let count = Int.random(in: 0...5, using: &generator)
        let fields = (0..<count).map { _ in "\(name())\(space()):\(space())\(value(depth: depth))" }
        return "{\(space())" + fields.joined(separator: "\(space()),\(space())") + "\(space())}"
    }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 5 ? 12 : 10), using: &generator) {
        case 0: return "null"
        case 1: return "true"
        case 2: return "false"
        case 3...5: return number()
        case 6...9: return "\"\(text(Int.random(in: 0...12, using: &generator)))\""
        case 10: return object(depth: depth + 1)
        default:
            let count = Int.random(in: 0...4, using: &generator)
            return "[" + (0..<count).map { _ in value(depth: depth + 1) }.joined(separator: ",")
                + "]"
        }
    }

    private mutating func number() -> String {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: "\(Int64.random(in: .min ... .max, using: &generator))"
        case 1: pick(["-0", "00", "01", "1.0", "1e3", "-", "9223372036854775808", "1.", "1e"])
        case 2: "\(Int64.max - Int64.random(in: 0...2, using: &generator))"
        default: "\(Int.random(in: -999...999, using: &generator))"
        }
    }

    private mutating func name() -> String {
        if Int.random(in: 0..<40, using: &generator) == 0 { return #""same""# }
        return "\"\(UInt32.random(in: 0 ... .max, using: &generator))\(text(2))\""
    }

    private mutating func text(_ count: Int) -> String {
        (0..<count).map { _ in piece() }.joined()
    }

    private mutating func piece() -> String {
        switch Int.random(in: 0..<24, using: &generator) {
        case 0: pick([#"\n"#, #"\t"#, #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\r"#])
        case 1: pick([#"\u0041"#, #"\u00e9"#, #"\uD83D\uDE00"#, #"\uFFFF"#, #"\u0000"#])
        // Not U+FEFF, which Foundation drops where a run of plain text begins with it.
        case 2: pick(["é", "€", "😀", "\u{7F}", "\u{80}", "\u{10FFFF}", "\u{E000}", "\u{2028}"])
        case 3 where Int.random(in: 0..<8, using: &generator) == 0:
            pick([#"\ud800"#, #"\udc00"#, #"\x"#, #"\u12"#, "\u{1}", "\n", "\""])
        default: pick(["a", "b", "secret", " ", "{", "]", ",", ":", "0", "'"])
        }
    }

    private mutating func space() -> String {
        pick(["", "", "", "", "", " ", "\t", "\r\n"])
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: choices.indices, using: &generator)]
    }
}
