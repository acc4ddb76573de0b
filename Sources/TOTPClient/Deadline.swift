// The moment by which a whole exchange has to end. Bytes that trickle in do not move it, so a slow
// server cannot hold its client for ever.

struct Deadline {
    private let moment: ContinuousClock.Instant

    init(after timeout: Duration) {
        moment = ContinuousClock.now + timeout
    }

    var remaining: Duration { max(.zero, moment - ContinuousClock.now) }
    var hasPassed: Bool { remaining == .zero }

    /// For poll(2), rounded up: a wait that ends early would be asked for again, many times.
    var remainingMilliseconds: Int32 {
        let (seconds, attoseconds) = remaining.components
        let perMillisecond: Int64 = 1_000_000_000_000_000
        let fraction = (attoseconds + perMillisecond - 1) / perMillisecond
        return Int32(clamping: seconds * 1_000 + fraction)
    }
}
