// What a check of the whole store found.

package struct CheckReport: Equatable, Sendable {
    package var accounts = 0
    package var events = 0
    /// Keys of limits and sources of which something is kept.
    package var limits = 0
    /// What is wrong, a sentence each, at most `problemsMax`; `problemCount` counts them all.
    package private(set) var problems: [String] = []
    package private(set) var problemCount = 0
    package static let problemsMax = 100

    package init() {}

    package mutating func addCancelled() { add(problem: "the check was stopped before its end") }

    package mutating func add(problem: String) {
        problemCount += 1
        if problems.count < Self.problemsMax { problems.append(problem) }
    }
}
