// What an admin is answered about the whole of totpd, and how it is written. It must never hold a
// secret or a code.

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

extension JSONWriter {
    mutating func write(_ result: CheckResult) {
        field("accounts", result.accounts)
        field("events", result.events)
        field("problem_count", result.problemCount)
        field("problems", result.problems)
    }
}
