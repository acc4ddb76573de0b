// Submissions on their way to the lane, in the order in which they came, and what came of them. A
// change is never parted from whom to tell.

import Accounts

extension WriterLane {
    /// Two lists side by side, since the store takes the one and does not see the other.
    package struct Submissions {
        private(set) var changes: [Change] = []
        private var all: [Submission] = []

        package init() {}

        package var count: Int { changes.count }
        package var isEmpty: Bool { changes.isEmpty }

        package mutating func append(_ submission: Submission) {
            changes.append(submission.change)
            all.append(submission)
        }

        /// Takes all that is in `other` to its end. Buffers go back and forth between a list that
        /// fills and one that empties; nothing is copied between them as a rule.
        mutating func take(_ other: inout Submissions) {
            if isEmpty {
                swap(&self, &other)
            } else {
                changes.append(contentsOf: other.changes)
                all.append(contentsOf: other.all)
                other.removeAll()
            }
        }

        /// Takes the oldest of `other` to its end: all that there are, or `countMax`.
        mutating func take(_ other: inout Submissions, atMost countMax: Int) {
            guard other.count > countMax else { return take(&other) }
            changes.append(contentsOf: other.changes.prefix(countMax))
            all.append(contentsOf: other.all.prefix(countMax))
            other.changes.removeFirst(countMax)
            other.all.removeFirst(countMax)
        }

        /// The list of whom to tell goes on to another thread, with the batch that was decided. So
        /// a new one begins here. Only the reference count says whether that thread has done with
        /// the old one, and Thread Sanitizer does not see it.
        package mutating func removeAll() {
            changes.removeAll(keepingCapacity: true)
            let capacity = min(all.capacity, WriterLane.batchMax)
            all = []
            all.reserveCapacity(capacity)
        }

        /// Each with its own result.
        func decided(_ results: [ChangeResult]) -> Decided {
            // Both engines go through all changes, or throw: no request leaves one out.
            precondition(results.count == count, "a store gives one result for each change")
            return Decided(submissions: all, results: .success(results))
        }

        /// All with the same fault.
        package func failed(_ fault: StoreFault) -> Decided {
            Decided(submissions: all, results: .failure(fault))
        }
    }

    /// A batch that the store has decided, or could not.
    package struct Decided: Sendable {
        fileprivate let submissions: [Submission]
        package let results: Result<[ChangeResult], StoreFault>

        package var count: Int { submissions.count }

        /// All with the same fault, whatever they came to.
        package func failed(_ fault: StoreFault) -> Decided {
            Decided(submissions: submissions, results: .failure(fault))
        }

        /// Tells each what its change came to, in their order.
        package func tell() {
            switch results {
            case .success(let results):
                for (submission, result) in zip(submissions, results) { submission.tell(result) }
            case .failure(let fault):
                for submission in submissions { submission.fail(fault) }
            }
        }
    }

    /// What became of changes that the lane might have decided on the calling thread.
    package enum DecidedHere {
        /// The lane has work or has stopped, and nothing was done.
        case notLent
        case decided(Decided)
        /// They are decided, and delivered once they are on the disk.
        case inFlight
    }
}
