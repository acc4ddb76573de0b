// Brings a part of the accounts in, over the admin socket. What it writes is a secret each line.

import OneTimeCodes

struct ImportWorkload: Workload {
    let lines: RequestLines
    private var memory = YesMemory()

    init(_ population: Population, accounts: Range<Int>) {
        let number = String(repeating: "0", count: Population.numberDigits)
        let head = #"{"op":"import","user":""# + population.prefix
        let middle = #"","secret":""#
        let secret = Base32.encode(population.secret(of: accounts.lowerBound))
        lines = RequestLines(
            template: head + number + middle + secret + "\"}\n", count: accounts.count)

        let secretOffset = head.utf8.count + number.utf8.count + middle.utf8.count
        for (line, account) in accounts.enumerated() {
            lines.write(account, digits: number.utf8.count, at: head.utf8.count, line: line)
            let secret = Base32.encode(population.secret(of: account))
            lines.write(secret, at: secretOffset, line: line)
        }
    }

    mutating func prepare(upTo end: Int) {}

    mutating func check(_ reply: UnsafeRawBufferPointer, to line: Int) -> Bool {
        memory.read(reply)
    }
}
