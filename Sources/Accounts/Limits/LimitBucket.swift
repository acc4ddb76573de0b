// The counts of a few keys, kept as one record. A count that is over vanishes at the next change. A
// full bucket takes no new key: dropping a count to make room would give tries away.

package struct LimitBucket: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let tag: UInt64
        package let state: LimitState

        package init(tag: UInt64, state: LimitState) {
            (self.tag, self.state) = (tag, state)
        }
    }

    /// Twice what a bucket has on average when its app has a million keys under way, so that then
    /// one new key in 8,000 finds its bucket full (`LimitBucketTests` computes it).
    package static let capacity = 32

    package private(set) var entries: [Entry]

    package init() { entries = [] }

    /// Nil for what cannot be.
    package init?(_ entries: [Entry]) {
        guard entries.count <= Self.capacity else { return nil }
        self.entries = entries
    }

    /// What stands in for a bucket that cannot be read: full of keys that nobody has (but for one
    /// of 2⁵⁹), so that none comes in before all that was spent of any has come back.
    static func spent(until end: Instant, since now: Instant) -> LimitBucket {
        let state = LimitState(spentUntil: end, since: now)
        var bucket = LimitBucket()
        bucket.entries = (0..<UInt64(capacity)).map { Entry(tag: $0, state: state) }
        return bucket
    }

    package var isEmpty: Bool { entries.isEmpty }

    package func isOver(at now: Instant) -> Bool {
        entries.allSatisfy { $0.state.isOver(at: now) }
    }

    /// Keys of which something is spent.
    package func count(underWayAt now: Instant) -> Int {
        entries.count { !$0.state.isOver(at: now) }
    }

    func state(of tag: UInt64) -> LimitState? {
        entries.first { $0.tag == tag }?.state
    }

    /// How long until a key that is not here could come in; nil when it can.
    func waitForRoom(_ tag: UInt64, at now: Instant) -> Duration? {
        let others = entries.filter { $0.tag != tag && !$0.state.isOver(at: now) }
        guard others.count >= Self.capacity else { return nil }
        return others.map { $0.state.endsAt - now }.min()
    }

    /// The bucket with a key's new count, and without all that is over; nil when there is no room
    /// for one more.
    func with(_ state: LimitState, of tag: UInt64, at now: Instant) -> LimitBucket? {
        var new = without(tag, at: now)
        if !state.isOver(at: now) { new.entries.append(Entry(tag: tag, state: state)) }
        return new.entries.count <= Self.capacity ? new : nil
    }

    /// The bucket without a key, and without all that is over.
    func without(_ tag: UInt64, at now: Instant) -> LimitBucket {
        var new = LimitBucket()
        new.entries = entries.filter { $0.tag != tag && !$0.state.isOver(at: now) }
        return new
    }

    func replacingStates(_ change: (LimitState) -> LimitState) -> LimitBucket {
        var new = LimitBucket()
        new.entries = entries.map { Entry(tag: $0.tag, state: change($0.state)) }
        return new
    }
}
