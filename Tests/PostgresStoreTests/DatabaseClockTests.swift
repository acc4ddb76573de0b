// What the database's clock says, told from round trips: pure, with made-up times.

import Accounts
import Store
import Testing

@testable import PostgresStore

@Suite("The database's clock")
struct DatabaseClockTests {
    private static let start: Int64 = 1_767_225_600_000

    private func at(_ milliseconds: Int64) -> Duration { Duration(milliseconds: milliseconds) }

    /// One that was `offset` ms ahead of `start` at uptime zero.
    private func note(
        _ clock: inout DatabaseClock, sent: Int64, received: Int64, looked: Int64,
        offset: Int64 = 0
    ) {
        clock.note(
            Instant(milliseconds: Self.start + offset + looked), sent: at(sent),
            received: at(received))
    }

    /// What is found at an uptime, less what a clock without an offset says.
    private func error(_ clock: DatabaseClock, at uptime: Int64) -> Int64? {
        clock.now(at: at(uptime)).map { $0.milliseconds - Self.start - uptime }
    }

    @Test("is known from the first round trip on, to half of it")
    func one() {
        var clock = DatabaseClock()
        #expect(clock.now(at: at(5)) == nil)
        #expect(clock.distance(of: Instant(milliseconds: Self.start), at: at(5)) == nil)
        for looked in [100, 150, 200] as [Int64] {
            clock = DatabaseClock()
            note(&clock, sent: 100, received: 200, looked: looked)
            #expect(error(clock, at: 200) == looked - 150)
            #expect(error(clock, at: 5_000) == looked - 150)
        }
    }

    @Test("is that of the quickest round trip of the last sixteen, and of the last minute")
    func quickest() {
        var clock = DatabaseClock()
        note(&clock, sent: 0, received: 4, looked: 3)
        for trip in 1...15 as ClosedRange<Int64> {
            note(&clock, sent: 100 * trip, received: 100 * trip + 60, looked: 100 * trip + 50)
            #expect(error(clock, at: 5_000) == 1, "trip \(trip)")
        }
        note(&clock, sent: 1_600, received: 1_650, looked: 1_630)
        #expect(error(clock, at: 5_000) == 5, "the quick one is seventeen back")
        clock = DatabaseClock()
        note(&clock, sent: 0, received: 4, looked: 3)
        note(&clock, sent: 60_000, received: 60_004 + 30, looked: 60_020)
        #expect(error(clock, at: 70_000) == 3, "the quick one is older than a minute")
    }

    @Test("starts anew when it was set, also by less than anybody would notice, or is another's")
    func set() {
        for offset in [-3_600_000, -100, 100, 3_600_000] as [Int64] {
            var clock = DatabaseClock()
            note(&clock, sent: 0, received: 4, looked: 2)
            note(&clock, sent: 1_000, received: 1_060, looked: 1_030, offset: offset)
            #expect(error(clock, at: 2_000) == offset)
        }
        var clock = DatabaseClock()
        note(&clock, sent: 0, received: 4, looked: 2)
        clock.forget()
        #expect(clock.now(at: at(10)) == nil)
    }

    @Test("is as far from another as is sure, whichever is ahead")
    func distance() {
        var clock = DatabaseClock()
        note(&clock, sent: 0, received: 100, looked: 50)
        for (ahead, expected) in [(0, 0), (51, 0), (-51, 0), (20_051, 20_000), (-20_052, 20_001)] {
            let other = Instant(milliseconds: Self.start + 1_000 + Int64(ahead))
            #expect(clock.distance(of: other, at: at(1_000)) == at(Int64(expected)), "\(ahead)")
        }
    }

    @Test("is the same for all that ask, whatever their own clocks say")
    func compared() {
        for (ahead, isSkewed) in [(0, false), (10_000, false), (30_000, true), (-30_000, true)] {
            let uptime = ClockWatch.uptime()
            let compared = ComparedClock {
                Instant(milliseconds: Self.start + Int64(ahead))
            }
            #expect(compared.now == nil && compared.skew == nil)
            compared.note(
                Instant(milliseconds: Self.start), sent: uptime, received: uptime)
            #expect((compared.skew != nil) == isSkewed, "\(ahead)")
        }
    }
}
