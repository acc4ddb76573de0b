// What the database's clock says, told from round trips: hosts that share a store go by one clock.
// A pure value: time is an argument.

import Accounts

struct DatabaseClock {
    /// What one round trip tells. Somewhere between its two ends the database has looked at its
    /// clock.
    private struct Sample {
        /// The database's clock less this host's uptime, in milliseconds, in the middle.
        let offset: Int64
        /// Half the round trip, rounded up: so far the middle may be from the look.
        let error: Int64
        let received: Duration

        /// Whether both can be true of one clock, which drifts by no more than 0.01 %.
        func agrees(with other: Sample) -> Bool {
            let drift = abs((other.received - received).milliseconds) / 10_000
            return abs(other.offset - offset) <= error + other.error + drift
        }
    }

    /// The quickest of so many, and of so much time, counts.
    static let samplesMax = 16
    static let time = Duration.minutes(1)

    private var samples: [Sample] = []

    /// - Parameters:
    ///   - said: by the database.
    ///   - sent: when it was asked, by a clock that nobody sets, as all uptimes here.
    ///   - received: when its answer came.
    mutating func note(_ said: Instant, sent: Duration, received: Duration) {
        let trip = max((received - sent).milliseconds, 0)
        let middle = sent.milliseconds + trip / 2
        let sample = Sample(
            offset: said.milliseconds - middle, error: trip / 2 + 1, received: received)
        // A clock that was set, on either side, is another clock.
        if samples.contains(where: { !$0.agrees(with: sample) }) { forget() }
        samples.append(sample)
        samples.removeFirst(max(samples.count - Self.samplesMax, 0))
        samples.removeAll { received - $0.received > Self.time }
    }

    /// Another server has another clock.
    mutating func forget() { samples = [] }

    private var best: Sample? { samples.min { $0.error < $1.error } }

    /// Nil before anything is known.
    func now(at uptime: Duration) -> Instant? {
        best.map { Instant(milliseconds: uptime.milliseconds + $0.offset) }
    }

    /// How far a clock surely is from the database's: zero where it may be right, and nil where
    /// nothing is known.
    func distance(of clock: Instant, at uptime: Duration) -> Duration? {
        guard let best, let now = now(at: uptime) else { return nil }
        let apart = abs((clock - now).milliseconds)
        return Duration(milliseconds: max(apart - best.error, 0))
    }
}
