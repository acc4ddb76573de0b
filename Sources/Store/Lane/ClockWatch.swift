// The lived-through time of a store, for whoever removes what is old, and for whoever tells people
// that the clock has jumped. The rule is in `LivedClock`.

import Accounts
import Synchronization

package final class ClockWatch: Sendable {
    private struct State {
        var clock: LivedClock
        var uptime: Duration?
        var untold: [ClockJump] = []
    }

    /// A clock that jumps to and fro is told of so often; what it did last is what counts.
    private static let untoldMax = 8

    private let state: Mutex<State>

    package init(_ moments: LivedClock.Moments) {
        state = Mutex(State(clock: LivedClock(moments)))
    }

    /// - Parameter uptime: of a clock that nobody sets, and that goes on while the host sleeps.
    package func observe(_ now: Instant, uptime: Duration) {
        state.withLock { state in
            let elapsed = state.uptime.map { max(uptime - $0, .zero) } ?? .zero
            state.uptime = max(uptime, state.uptime ?? uptime)
            guard let jump = state.clock.observe(now, after: elapsed) else { return }
            if state.untold.count == Self.untoldMax { state.untold.removeFirst() }
            state.untold.append(jump)
        }
    }

    /// The jumps since the last time somebody asked.
    package func takeJumps() -> [ClockJump] {
        state.withLock { state in
            defer { state.untold = [] }
            return state.untold
        }
    }

    package var isTrusted: Bool { state.withLock { $0.clock.isTrusted } }
    package var settled: Instant? { state.withLock { $0.clock.settled } }
    package var moments: LivedClock.Moments { state.withLock { $0.clock.moments } }

    /// Since the host was started, its sleep included (CLOCK_BOOTTIME, clock_gettime(2)).
    @Sendable package static func uptime() -> Duration {
        let (seconds, attoseconds) = start.duration(to: ContinuousClock.now).components
        return Duration(milliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    private static let start = ContinuousClock.now
}
