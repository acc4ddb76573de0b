// How many bounded events an app may have kept, so that one app's flood does not push out the
// events of others, and how many were left out. Events of right codes, of changed factors and of
// admins are no bounded events: they are always kept.

package struct EventBudget: Equatable, Sendable {
    /// What is spent, by kind.
    private var spent: [BoundedEvent: LimitState] = [:]
    /// Of all kinds, since the last event of the app that was kept.
    private var omitted = 0

    package init() {}

    /// Spends the room of one more event of a kind. Returns false when there is none now.
    package mutating func spend(_ kind: BoundedEvent, at now: Instant) -> Bool {
        let level = LimitLevel(spent[kind], under: kind.budget, at: now)
        guard level.wait(for: 1) == nil else {
            omitted += 1
            // As of now: a clock that was set back holds nothing back for longer than it takes.
            spent[kind] = level.spending(0)
            return false
        }
        spent[kind] = level.spending(1)
        return true
    }

    package var hasOmitted: Bool { omitted > 0 }

    /// How many were left out, to be told once.
    package mutating func takeOmitted() -> Int {
        defer { omitted = 0 }
        return omitted
    }
}
