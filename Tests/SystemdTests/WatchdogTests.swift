// When a watchdog waits for us and for how long.

import Testing

@testable import Systemd

@Suite struct WatchdogTests {
    @Test(
        "the interval is half of what systemd waits",
        arguments: [
            ("30000000", Duration.seconds(15)), ("3000000", .milliseconds(1_500)),
            ("1", .nanoseconds(500)),
        ])
    func interval(microseconds: String, interval: Duration) throws {
        let alone = ["WATCHDOG_USEC": microseconds]
        let addressed = ["WATCHDOG_USEC": microseconds, "WATCHDOG_PID": "7"]
        #expect(try Watchdog(environment: alone, pid: 7)?.interval == interval)
        #expect(try Watchdog(environment: addressed, pid: 7)?.interval == interval)
    }

    @Test("nobody waits for this process")
    func none() throws {
        let other = ["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"]
        #expect(try Watchdog(environment: [:], pid: 7) == nil)
        #expect(try Watchdog(environment: ["WATCHDOG_PID": "7"], pid: 7) == nil)
        #expect(try Watchdog(environment: other, pid: 7) == nil)
    }

    @Test(
        "times and ids that cannot be right are refused",
        arguments: [
            "", "0x1", "-1", "1.5", "1s", "9223372036854775808",
        ])
    func malformed(value: String) {
        #expect(throws: SystemdError.variableMalformed(name: "WATCHDOG_USEC", value: value)) {
            try Watchdog(environment: ["WATCHDOG_USEC": value], pid: 7)
        }
        #expect(throws: SystemdError.variableMalformed(name: "WATCHDOG_PID", value: value)) {
            try Watchdog(environment: ["WATCHDOG_USEC": "1", "WATCHDOG_PID": value], pid: 7)
        }
    }

    @Test("a time of zero is refused")
    func zero() {
        #expect(throws: SystemdError.variableMalformed(name: "WATCHDOG_USEC", value: "0")) {
            try Watchdog(environment: ["WATCHDOG_USEC": "0"], pid: 7)
        }
    }
}
