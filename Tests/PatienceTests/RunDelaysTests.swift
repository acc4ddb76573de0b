// What a test says of those it waited for: starved, asleep and running are three things.

import Glibc
import Testing

@testable import Patience

@Suite("Run delays")
struct RunDelaysTests {
    private func times(_ name: String, ran: Int, waited: Int) -> RunDelays.Times {
        RunDelays.Times(name: name, ran: .seconds(ran), waited: .seconds(waited))
    }

    private func report(_ lane: RunDelays.Times, _ loop: RunDelays.Times) -> String {
        let before = RunDelays(["7": times("lane", ran: 100, waited: 50)])
        return RunDelays(["7": lane, "8": loop]).report(since: before, over: .seconds(20))
    }

    @Test("of half the time are starvation; the thread that waited longest comes first")
    func starved() {
        let text = report(times("lane", ran: 101, waited: 61), times("loop", ran: 0, waited: 3))
        let rows = "lane ran 1.0 s and waited 11.0 s for a processor; loop ran 0.0 s and waited 3.0"
        #expect(text == "in 20.0 s, starved: \(rows) s for a processor")
    }

    @Test("of nobody, where nobody ran, are a wake-up that was lost")
    func idle() {
        let text = report(times("lane", ran: 100, waited: 50), times("loop", ran: 0, waited: 0))
        #expect(text.hasPrefix("in 20.0 s, all asleep: "))
    }

    @Test("of nobody, where somebody ran, are neither")
    func running() {
        let text = report(times("lane", ran: 115, waited: 52), times("loop", ran: 0, waited: 0))
        #expect(text.hasPrefix("in 20.0 s, running: lane ran 15.0 s and waited 2.0 s"))
    }

    @Test("are read as the kernel writes them, and in no other form")
    func parsed() {
        let read = RunDelays.Times(name: "lane", schedstat: "1500000000 250000000 42\n")
        let expected = RunDelays.Times(
            name: "lane", ran: .milliseconds(1500), waited: .milliseconds(250))
        #expect(read == expected)
        for text in ["", "1 2", "1 2 3 4", "a 2 3"] {
            #expect(RunDelays.Times(name: "lane", schedstat: text) == nil)
        }
    }

    @Test("of a process that is gone are none")
    func gone() {
        #expect(
            RunDelays(of: 0).report(since: RunDelays([:]), over: .zero) == "the process is gone")
    }

    @Test("come with what was waited for in vain")
    func impatience() {
        var looks = 0
        let complaint = #expect(throws: Impatience.self) {
            try eventually("the moon", within: .milliseconds(20)) {
                looks += 1
                return false
            }
        }
        #expect(looks > 1)
        let text = complaint?.description ?? ""
        #expect(text.hasPrefix("never came about: the moon; in "))
        #expect(text.contains(" for a processor"))
    }

    @Test("are asked for only when something is late")
    func prompt() throws {
        var looks = 0
        let third = try found("the third look") {
            looks += 1
            return looks == 3 ? looks : nil
        }
        #expect(third == 3)
    }
}
