// The clock that nobody sets, for what only differences are asked of. It stands still while the
// host sleeps (CLOCK_MONOTONIC, clock_gettime(2)).

import Glibc

package enum MonotonicClock {
    package static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
