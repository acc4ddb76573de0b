// The two times that a connection has: to end a line that has begun, and to read anything at all.

import NIOCore
import Testing

@testable import Server

@Suite("The times of a connection")
struct ConnectionTimerTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let second = TimeAmount.seconds(1)

    @Test("a line that has begun is late after its time, and not before")
    func lateLine() {
        var timer = LineTimer()
        let deadline = timer.lineHasBegun(now: start)
        #expect(deadline == start + ServerPolicy.lineTime)
        // More of the same line asks for no second look, and gives it no more time.
        let again = timer.lineHasBegun(now: start + second)
        #expect(again == nil)
        var early = timer
        let isLateEarly = early.timeIsUp(now: start + ServerPolicy.lineTime - second)
        let next = early.lineHasBegun(now: start + second)
        #expect(!isLateEarly && next == deadline)
        let isLate = timer.timeIsUp(now: start + ServerPolicy.lineTime)
        #expect(isLate)
    }

    @Test("a line that ended is not late, and the next has its own time")
    func nextLine() {
        var timer = LineTimer()
        _ = timer.lineHasBegun(now: start)
        timer.lineHasEnded()
        let whileLooking = timer.lineHasBegun(now: start + second)
        #expect(whileLooking == nil)
        let isLate = timer.timeIsUp(now: start + ServerPolicy.lineTime)
        let deadline = timer.lineHasBegun(now: start + ServerPolicy.lineTime)
        #expect(!isLate && deadline == start + second + ServerPolicy.lineTime)
        timer.lineHasEnded()
        let isLateAtRest = timer.timeIsUp(now: start + ServerPolicy.lineTime * 3)
        #expect(!isLateAtRest)
    }

    @Test("who reads a little keeps the connection, who reads nothing does not")
    func reading() {
        var timer = WriteTimer()
        let first = timer.start(1_000, now: start)
        #expect(first == start + ServerPolicy.writeTime)
        #expect(timer.check(first, 999) == .reads)
        #expect(timer.check(first, 1_000) == .readsNothing)
        #expect(timer.check(first, 1_001) == .readsNothing)
        let second = timer.start(999, now: first)
        // The look of a timer that was started anew since has nothing to say.
        #expect(timer.check(first, 1_000) == .nothing)
        #expect(timer.check(second, 999) == .readsNothing)
        timer.stop()
        #expect(timer.check(second, 999) == .nothing)
    }
}
