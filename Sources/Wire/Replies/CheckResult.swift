// What a check of the whole store found, as an admin reads it.

package struct CheckResult: Sendable {
    package let accounts: Int
    package let events: Int
    /// Events that are lost, and of which the trail tells.
    package let lostEvents: Int
    /// The first gaps, a sentence each.
    package let losses: [String]
    package let problemCount: Int
    /// The first of them, a sentence each. They name records by their keys.
    package let problems: [String]

    package init(
        accounts: Int, events: Int, lostEvents: Int, losses: [String], problemCount: Int,
        problems: [String]
    ) {
        self.accounts = accounts
        self.events = events
        self.lostEvents = lostEvents
        self.losses = losses
        self.problemCount = problemCount
        self.problems = problems
    }
}
