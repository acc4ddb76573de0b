// Changes on their way to the lane, each with whom to tell, in the order in which they came. They
// must never part a change from its completion.

import Accounts

extension WriterLane {
    /// Two lists side by side, since the store takes the one and must not see the other.
    package struct Submissions {
        /// In a struct, because an array of bare closures wraps each of them once more.
        private struct Asker {
            let completion: Completion
        }

        private(set) var changes: [Change] = []
        private var askers: [Asker] = []

        package init() {}

        package var count: Int { changes.count }
        package var isEmpty: Bool { changes.isEmpty }

        package mutating func append(_ change: Change, _ completion: @escaping Completion) {
            changes.append(change)
            askers.append(Asker(completion: completion))
        }

        /// Takes all that is in `other` to its end. Buffers go back and forth between a list that
        /// fills and one that empties; nothing is copied between them as a rule.
        mutating func take(_ other: inout Submissions) {
            if isEmpty {
                swap(&self, &other)
            } else {
                changes.append(contentsOf: other.changes)
                askers.append(contentsOf: other.askers)
                other.removeAll()
            }
        }

        /// Takes the oldest out, when there are more than `countMax`; nil when all fit.
        mutating func takeBatch(atMost countMax: Int) -> Submissions? {
            guard count > countMax else { return nil }
            var batch = Submissions()
            batch.changes = Array(changes.prefix(countMax))
            batch.askers = Array(askers.prefix(countMax))
            changes.removeFirst(countMax)
            askers.removeFirst(countMax)
            return batch
        }

        package mutating func removeAll() {
            changes.removeAll(keepingCapacity: true)
            askers.removeAll(keepingCapacity: true)
        }

        /// Each with its own result.
        func decided(_ results: [ChangeResult]) -> [Decided] {
            // Both engines go through all changes, or throw: no request leaves one out.
            precondition(results.count == count, "a store gives one result for each change")
            var decided: [Decided] = []
            decided.reserveCapacity(count)
            for (index, asker) in askers.enumerated() {
                let verdict: Verdict
                switch results[index] {
                case .decided(let answer, let alert): verdict = .decided(answer, alert)
                case .unreadable(let fault): verdict = .unreadable(fault)
                case .unreadableLimit(let fault): verdict = .unreadableLimit(fault)
                }
                decided.append(Decided(completion: asker.completion, verdict: verdict))
            }
            return decided
        }

        /// All with the same fault.
        package func failed(_ fault: StoreFault) -> [Decided] {
            askers.map { Decided(completion: $0.completion, verdict: .failed(fault)) }
        }
    }
}
