// What a check of the whole store found.

package struct CheckReport: Equatable, Sendable {
    package var accounts = 0
    package var events = 0
    /// Keys of limits and sources of which something is kept.
    package var limits = 0
    /// Events that a damaged disk has lost, and of which a gap in the trail tells.
    package private(set) var lostEvents = 0
    /// Which, a sentence for each gap, at most `problemsMax`.
    package private(set) var losses: [String] = []
    /// What is wrong, a sentence each, at most `problemsMax`; `problemCount` counts them all.
    package private(set) var problems: [String] = []
    package private(set) var problemCount = 0
    package static let problemsMax = 100

    package init() {}

    package mutating func addCancelled() { add(problem: "the check was stopped before its end") }

    package mutating func add(_ gap: EventGap) {
        lostEvents += Int(clamping: gap.count)
        if losses.count < Self.problemsMax { losses.append(gap.sentence) }
    }

    package mutating func add(problem: String) {
        problemCount += 1
        if problems.count < Self.problemsMax { problems.append(problem) }
    }
}
