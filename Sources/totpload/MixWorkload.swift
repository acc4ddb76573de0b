// What a login page asks in a day: right codes, sometimes a wrong one, and limits. Each reply must
// be the expected one: a wrong code that is accepted is an error.

import OneTimeCodes
import TOTPClient

struct MixWorkload: Workload {
    private enum Kind {
        case right
        case wrong
        case limit
    }

    /// 90 % right codes, 5 % wrong ones, 5 % limits.
    private static let shares: [Kind] = [.wrong, .limit] + Array(repeating: .right, count: 18)
    /// Steps whose codes a wrong one is not: the run may last for some of them.
    private static let steps: ClosedRange<Int64> = -2...10

    let lines: RequestLines
    private let kinds: [Kind]
    private var verify: VerifyWorkload
    private var limits = YesMemory()

    init(_ population: Population, places: Range<Int>) {
        var random = SplitMix(seed: UInt64(places.lowerBound))
        let shares = Self.shares
        kinds = places.map { _ in shares[Int.random(in: shares.indices, using: &random)] }
        verify = VerifyWorkload(population, places: places)
        lines = verify.lines
        let step = Population.step(at: Clocks.wallSeconds())
        for (line, place) in places.enumerated() {
            let account = Int(population.order[place])
            switch kinds[line] {
            case .right: continue
            case .wrong: verify.fix(Self.wrongCode(of: account, population, step), line: line)
            case .limit: verify.fix(Self.limit(account, population, lines.width), line: line)
            }
        }
    }

    private static func wrongCode(
        of account: Int, _ population: Population, _ step: Int64
    ) -> UInt32 {
        let right = steps.map { population.code(of: account, step: step + $0) }
        for code in UInt32(0)... where !right.contains(code) { return code }
        preconditionFailure("there are more codes than steps")
    }

    /// As long as a verify, filled up with spaces.
    private static func limit(
        _ account: Int, _ population: Population, _ width: Int
    ) -> String {
        let digits = String(account)
        let zeros = String(repeating: "0", count: Population.numberDigits - digits.utf8.count)
        let key = population.prefix + zeros + digits
        let text = #"{"op":"limit","key":"\#(key)","max":5,"per":60}"#
        return text + String(repeating: " ", count: width - text.utf8.count - 1) + "\n"
    }

    mutating func prepare(upTo end: Int) { verify.prepare(upTo: end) }

    mutating func check(_ reply: UnsafeRawBufferPointer, to line: Int) -> Bool {
        switch kinds[line] {
        case .right: return verify.check(reply, to: line)
        case .wrong: return reply.elementsEqual(#"{"ok":false,"error":"wrong_code"}"#.utf8)
        case .limit: return limits.read(reply)
        }
    }
}
