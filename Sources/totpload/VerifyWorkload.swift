// One right code for each account of a run. Codes are made before the clock starts, and again for
// those that would be too old when their turn comes; none is ever sent twice.

import OneTimeCodes

struct VerifyWorkload: Workload {
    /// One look at the clock is for this many lines, which are sent within `marginSeconds` as long
    /// as four requests a second are answered.
    private static let batch = 16
    /// A code of the step before is good until the step ends; it must arrive before that.
    private static let marginSeconds: Int64 = 5

    let lines: RequestLines
    private let population: Population
    private let accounts: ArraySlice<UInt32>
    private let codeOffset: Int
    private let firstStep: Int64
    /// Lines up to here have codes that are good when they are sent.
    private var prepared = 0
    /// Lines that somebody else has written.
    private var isFixed: [Bool]
    private var memory = YesMemory()

    init(_ population: Population, places: Range<Int>) {
        let number = String(repeating: "0", count: Population.numberDigits)
        let code = String(repeating: "0", count: CodeParameters.standard.digits)
        let head = #"{"op":"verify","user":""# + population.prefix
        let middle = #"","code":""#
        self.population = population
        accounts = population.order[places]
        lines = RequestLines(
            template: head + number + middle + code + "\"}\n", count: places.count)
        isFixed = [Bool](repeating: false, count: places.count)
        codeOffset = head.utf8.count + number.utf8.count + middle.utf8.count
        firstStep = Population.step(at: Clocks.wallSeconds())

        for (line, account) in accounts.enumerated() {
            lines.write(
                Int(account), digits: number.utf8.count, at: head.utf8.count, line: line)
        }
        writeCodes(0..<lines.count, step: firstStep)
    }

    mutating func prepare(upTo end: Int) {
        while prepared < end {
            let batch = prepared..<min(prepared + Self.batch, lines.count)
            let now = Clocks.wallSeconds()
            if Population.step(at: now + Self.marginSeconds) > firstStep + 1 {
                writeCodes(batch, step: Population.step(at: now))
            }
            prepared = batch.upperBound
        }
    }

    mutating func check(_ reply: UnsafeRawBufferPointer, to line: Int) -> Bool {
        memory.read(reply)
    }

    /// A code for good.
    mutating func fix(_ code: UInt32, line: Int) {
        isFixed[line] = true
        lines.write(
            Int(code), digits: CodeParameters.standard.digits, at: codeOffset, line: line)
    }

    /// Something else in the place of a line, and as wide.
    mutating func fix(_ text: String, line: Int) {
        precondition(text.utf8.count == lines.width, "all lines have one width")
        isFixed[line] = true
        lines.write(text, at: 0, line: line)
    }

    private func writeCodes(_ places: Range<Int>, step: Int64) {
        for line in places where !isFixed[line] {
            let account = Int(accounts[accounts.startIndex + line])
            let code = Int(population.code(of: account, step: step))
            let digits = CodeParameters.standard.digits
            lines.write(code, digits: digits, at: codeOffset, line: line)
        }
    }
}
