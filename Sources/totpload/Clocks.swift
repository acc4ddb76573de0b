// The two clocks: one that nobody sets, for measuring, and the host's, by which steps are counted.

import Glibc

enum Clocks {
    /// For differences only.
    static func monotonicNanoseconds() -> UInt64 {
        let now = read(CLOCK_MONOTONIC)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// Since 1970, as TOTP counts them.
    static func wallSeconds() -> Int64 { Int64(read(CLOCK_REALTIME).tv_sec) }

    private static func read(_ clock: clockid_t) -> timespec {
        var now = timespec()
        guard clock_gettime(clock, &now) == 0 else {
            preconditionFailure("Linux has both clocks")
        }
        return now
    }
}
