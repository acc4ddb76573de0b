// The host's clock. Codes are checked against it.

import Accounts
import Glibc

enum WallClock {
    /// CLOCK_REALTIME, in milliseconds.
    @Sendable static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// 2025-01-01: before this source was written, so a clock that says less was never set.
    private static let earliest = Instant(seconds: 1_735_689_600)

    /// A clock that was never set would refuse every right code, and might accept old ones.
    static func refuseNonsense() throws {
        guard now() >= earliest else {
            throw StartFault(
                "the clock was never set (it says \(now().seconds) s since 1970); "
                    + "hint: start after time-sync.target")
        }
    }
}
