// The database's clock beside this host's own. Where they are far apart one of them is wrong: then
// every code is refused, or one that is too old is taken.

import Accounts
import Store
import Synchronization

final class ComparedClock: Sendable {
    /// More than any two hosts differ that set their clocks by the network, and less than a step.
    static let distanceMax = Duration.seconds(20)

    private let host: (@Sendable () -> Instant)?
    private let database = Mutex(DatabaseClock())

    init(_ host: (@Sendable () -> Instant)?) { self.host = host }

    func note(_ said: Instant, sent: Duration, received: Duration) {
        database.withLock { $0.note(said, sent: sent, received: received) }
    }

    func forget() { database.withLock { $0.forget() } }

    /// By the database's clock; nil before anything is known of it.
    var now: Instant? { database.withLock { $0.now(at: ClockWatch.uptime()) } }

    /// By how much the two are too far apart, if they are.
    var skew: Duration? {
        guard let host else { return nil }
        let distance = database.withLock { $0.distance(of: host(), at: ClockWatch.uptime()) }
        return distance.flatMap { $0 > Self.distanceMax ? $0 : nil }
    }
}
