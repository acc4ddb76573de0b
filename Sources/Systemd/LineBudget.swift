// How many lines may be written: a burst, then so many a minute. It counts the lines that were left
// out.

package struct LineBudget: Sendable {
    private let burst: Int
    private let millisecondsEach: Int64
    private var left: Int
    /// When the budget was last added to, and what that left over.
    private var since: Int64?
    private var leftOut = 0

    /// One line more for every `millisecondsEach`, up to `burst` at once.
    package init(burst: Int, millisecondsEach: Int64) {
        precondition(burst > 0 && millisecondsEach > 0, "a budget of nothing would hide everything")
        self.burst = burst
        self.millisecondsEach = millisecondsEach
        left = burst
    }

    /// Spends a line, by a clock that nobody sets. Returns how many were left out since the last
    /// one that was written; nil when this one is left out too.
    package mutating func spend(at milliseconds: Int64) -> Int? {
        refill(milliseconds)
        guard left > 0 else {
            leftOut += 1
            return nil
        }
        left -= 1
        defer { leftOut = 0 }
        return leftOut
    }

    /// The line that was spent could not be written after all, nor said how many were left out.
    package mutating func putBack(_ leftOutBefore: Int) { leftOut += leftOutBefore + 1 }

    private mutating func refill(_ now: Int64) {
        guard let since, left < burst else {
            since = now
            return
        }
        let more = max(0, now - since) / millisecondsEach
        left = Int(min(Int64(burst), Int64(left) + more))
        self.since = since + more * millisecondsEach
    }
}
