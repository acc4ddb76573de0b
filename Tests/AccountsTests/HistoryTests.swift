// Shows that the newest eight things are kept in their order, as they were, and no attempt adds one
// that is not worth it.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct HistoryTests {
    @Test("the ninth entry takes the place of the oldest")
    func nine() {
        var history = History()
        for second in 0..<9 as Range<Int64> {
            #expect(history.count == Int(second))
            history.note(.locked, by: .verify, at: Given.now + .seconds(second))
        }
        #expect(history.count == 8)
        let expected = (1...8).reversed().map {
            HistoryEntry(at: Given.now + .seconds($0), .verify, .locked)
        }
        #expect(history.newestFirst == expected)
        #expect(History(expected) == history)
    }

    @Test("each entry is the same when it is read again")
    func bits() {
        for what in HistoryEntry.What.allCases {
            for operation in HistoryEntry.Operation.allCases {
                let entry = HistoryEntry(at: Instant(seconds: 4_102_444_800), operation, what)
                #expect(HistoryEntry(bits: entry.bits) == entry)
            }
        }
        for bits in [0, 0x0100, 0x0001, 0x01ff, 0xff01] as [UInt64] {
            #expect(HistoryEntry(bits: bits) == nil)
        }
    }

    @Test("a clock before 1970 is one at it")
    func beforeTime() {
        let entry = HistoryEntry(at: Instant(seconds: -5), .verify, .locked)
        #expect(entry.at == Instant(seconds: 0))
    }

    @Test("a plain verify, right or wrong, is not worth an entry")
    func plain() {
        for code in [Given.totp(), .totp(Given.wrongCode())] {
            let outcome = Verify(code: code).decide(Given.active, at: Given.now, with: .nothing)
            #expect(outcome.account.guard.history == History())
        }
    }

    @Test func isReadWithoutAChange() {
        let account = Given.active.noted(.enrolled, by: .confirm)
        let outcome = ReadHistory().decide(account, at: Given.now, with: .nothing)
        #expect(
            outcome.answer
                == .accepted(
                    .history(account.guard.history.newestFirst.map { HistoryLine($0, of: account) })
                ))
        #expect(outcome.account == account && !outcome.isEvent)
    }
}
