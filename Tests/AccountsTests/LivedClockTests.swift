// What is believed of a clock, told through the hosts that have it: those that were off, asleep or
// behind at boot, and those whose clock is wrong.

import SeededRandom
import Testing

@testable import Accounts

/// A host with a clock that may be set, and the time that passes whatever that says.
private struct Host {
    var clock: LivedClock
    private(set) var now: Instant
    private(set) var jumps: [Int64] = []

    init(_ moment: Instant = Given.now) {
        clock = LivedClock(LivedClock.Moments(lived: moment, expected: moment))
        now = moment
        look(.zero)
    }

    private mutating func look(_ elapsed: Duration) {
        guard let jump = clock.observe(now, after: elapsed) else { return }
        jumps.append(jump.by.milliseconds / 1000)
    }

    /// A look every so often.
    mutating func live(_ time: Duration, in steps: Int64 = 60) {
        for _ in 0..<steps {
            now = now + time / steps
            look(time / steps)
        }
    }

    /// The clock is set by so much, or counts what nobody else does.
    mutating func set(_ by: Duration) { now = now + by }

    /// The host, or totpd, is off; nobody counts meanwhile.
    mutating func restart(after time: Duration, settingClockBy by: Duration = .zero) {
        clock = LivedClock(clock.moments)
        now = now + time + by
        look(.zero)
    }

    /// By how much less has been lived than the clock says; nil while that is not trusted.
    var behind: Duration? { clock.settled.map { now - $0 } }
}

@Suite("The lived-through clock")
struct LivedClockTests {
    @Test("believes nothing before a look, and then a clock that goes on")
    func usual() {
        let moments = LivedClock.Moments(lived: Given.now, expected: Given.now)
        #expect(LivedClock(moments).settled == nil)
        #expect(LivedClock(moments).isTrusted)
        var host = Host()
        #expect(host.behind == .zero)
        host.live(.days(400))
        #expect(host.behind == .zero && host.jumps == [])
    }

    @Test("ages nothing by a minute of a clock that is years ahead, however often")
    func ahead() {
        var host = Host()
        host.live(.days(1))
        host.set(.days(3 * 365))
        host.live(.minutes(1))
        #expect(host.behind == nil && host.jumps == [94_608_000])
        host.set(.days(-3 * 365))
        host.live(.minutes(1))
        #expect(host.behind == .zero && host.jumps == [94_608_000, -94_608_000])
        // A battery that is empty: at each of many starts, until somebody sets the clock.
        for _ in 0..<50 {
            host.restart(after: .minutes(1), settingClockBy: .days(3 * 365))
            host.live(.minutes(1))
            #expect(host.behind == nil)
            host.set(.days(-3 * 365))
            host.live(.minutes(1))
            #expect(host.behind.map { $0 <= .minutes(5) } == true)
        }
        #expect(host.clock.moments.lived <= host.now)
    }

    @Test("lives on while a host is off for a night, a week or a season", arguments: [1, 6, 90])
    func off(days: Int64) {
        var host = Host()
        host.restart(after: .days(days))
        #expect(host.clock.isTrusted == (days <= 7))
        #expect(host.jumps == (days <= 7 ? [] : [days * 86_400]))
        if days > 7 {
            host.live(.days(6))
            #expect(!host.clock.isTrusted)
            host.live(.days(1))
            #expect(host.behind == .days(days - 7 * 5))
        }
        #expect(host.behind.map { $0 > .zero } == true)
        host.live(.days(30))
        #expect(host.behind == .zero)
        #expect(host.jumps.count == (days <= 7 ? 0 : 1))
    }

    @Test("keeps up with a host that is on eight hours a day, five days a week")
    func workstation() {
        var host = Host()
        for day in 0..<100 {
            host.live(.hours(8))
            host.restart(after: .hours(16 + (day % 5 == 4 ? 48 : 0)))
        }
        #expect(host.jumps == [])
        #expect(host.behind.map { $0 < .days(3) } == true)
    }

    @Test("waits for a clock that is behind at boot, and believes it once it is set right")
    func behindAtBoot() {
        var host = Host()
        host.restart(after: .hours(2), settingClockBy: .days(-500))
        host.live(.minutes(2))
        #expect(host.behind == nil && host.jumps.count == 1)
        host.set(.days(500))
        host.live(.minutes(1))
        #expect(host.clock.isTrusted && host.jumps.count == 2)
        #expect(host.behind.map { $0 < .hours(3) } == true)
    }

    @Test("believes a machine that was halted after as long as it was, seven days at most")
    func halted() {
        var host = Host()
        host.set(.hours(3))
        host.live(.hours(2))
        #expect(!host.clock.isTrusted && host.jumps == [10_800])
        host.live(.hours(2))
        #expect(host.behind == .zero && host.jumps == [10_800])
        host.set(.days(-1000))
        host.live(.days(6))
        #expect(!host.clock.isTrusted)
        host.live(.days(2))
        #expect(host.clock.isTrusted && host.jumps.count == 2)
        // What was lived comes down as slowly; until then the clock says what is old.
        #expect(host.behind == .zero)
    }

    @Test("comes back from a clock that was ahead at the very first start")
    func aheadAtFirst() {
        var host = Host(Given.now + .days(1000))
        host.live(.hours(1))
        host.set(.days(-1000))
        host.live(.hours(1))
        #expect(!host.clock.isTrusted)
        host.live(.days(8))
        #expect(host.clock.isTrusted && host.behind == .zero)
    }

    /// - Parameter seconds: by how much the clock is set within a run.
    @Test(
        "is five minutes either way within one run",
        arguments: [(300, true), (301, false), (-300, true), (-301, false)])
    func limits(seconds: Int64, isTrusted: Bool) {
        var host = Host()
        host.set(.seconds(seconds))
        host.live(.seconds(1), in: 1)
        #expect(host.clock.isTrusted == isTrusted)
    }

    @Test("is a week ahead over a start", arguments: [(604_800, true), (604_801, false)])
    func restLimit(seconds: Int64, isTrusted: Bool) {
        var host = Host()
        host.restart(after: .seconds(seconds))
        #expect(host.clock.isTrusted == isTrusted)
    }

    @Test("never calls old what has not been lived through, whatever the clock does")
    func random() {
        var random = SeededGenerator.announced("lived-through clock")
        for _ in 0..<200 {
            var host = Host()
            var lived: Int64 = 0
            for _ in 0..<200 {
                switch Int.random(in: 0..<8, using: &random) {
                case 0:
                    host.set(.seconds(Int64.random(in: -100_000_000...100_000_000, using: &random)))
                    // Nobody has looked since.
                    continue
                case 1:
                    host.restart(
                        after: .seconds(Int64.random(in: 0...10_000_000, using: &random)))
                default:
                    let time = Duration.seconds(Int64.random(in: 0...200_000, using: &random))
                    host.live(time, in: 3)
                    lived += time.milliseconds
                }
                guard let settled = host.clock.settled else { continue }
                let most = Given.now + Duration(milliseconds: lived * Policy.clockCatchUp)
                #expect(settled <= min(most, host.now))
            }
        }
    }
}
