// How often systemd wants to hear that the service works (sd_watchdog_enabled(3)).

package struct Watchdog: Sendable, Equatable {
    /// Half of `WatchdogSec=`, as sd_watchdog_enabled(3) advises: one late sign is forgiven.
    package let interval: Duration

    /// Nil when no watchdog waits for this process; `pid` is our own process id.
    package init?(environment: [String: String], pid: Int32) throws(SystemdError) {
        let microseconds: Int64? = try number("WATCHDOG_USEC", in: environment)
        let watched: Int32? = try number("WATCHDOG_PID", in: environment)
        guard let microseconds else { return nil }
        guard microseconds > 0 else {
            throw .variableMalformed(name: "WATCHDOG_USEC", value: "\(microseconds)")
        }
        // Without an id all processes of the service are meant.
        if let watched, watched != pid { return nil }
        interval = .microseconds(microseconds) / 2
    }
}
