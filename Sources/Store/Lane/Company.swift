// Whether several parties are served at the same time. One that asks seldom is not forgotten
// between two of its requests.

package struct Company {
    /// For so many turns after another party was served than before: about 0.2 s of a busy lane. A
    /// party that asks less often waits for one long turn, and no more.
    static let turnsMax = 512

    private var last: Party?
    private var turnsLeft = 0

    package init() {}

    package var isShared: Bool { turnsLeft > 0 }

    /// A turn begins.
    package mutating func begin() { turnsLeft = max(0, turnsLeft - 1) }

    /// A party is served in this turn.
    package mutating func serve(_ party: Party) {
        guard party != last else { return }
        if last != nil { turnsLeft = Self.turnsMax }
        last = party
    }
}
