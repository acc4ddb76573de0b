// What a check of the whole store found, as an admin reads it.

package struct CheckResult: Sendable {
    package let accounts: Int
    package let events: Int
    package let problemCount: Int
    /// The first of them, a sentence each. They name records by their keys.
    package let problems: [String]

    package init(accounts: Int, events: Int, problemCount: Int, problems: [String]) {
        self.accounts = accounts
        self.events = events
        self.problemCount = problemCount
        self.problems = problems
    }
}
