// One long job in the background, such as a check or a backup. It ends when it is told to, and
// anyone may see how far it has come.

import Synchronization

package final class Job: Sendable {
    package let name: String
    private let doneCount = Atomic(0)
    private let totalCount = Atomic(0)
    private let isToldToEnd = Atomic(false)

    package init(_ name: String) { self.name = name }

    /// How much there is to do, as far as is known by now.
    package func expect(_ total: Int) { totalCount.store(total, ordering: .relaxed) }

    /// So much more was done.
    package func advance(by count: Int = 1) { doneCount.add(count, ordering: .relaxed) }

    /// Whoever does the work looks here at each step.
    package var isCancelled: Bool { isToldToEnd.load(ordering: .relaxed) }
    package func cancel() { isToldToEnd.store(true, ordering: .relaxed) }

    /// One step of work that may be given up at any of them.
    package func step() throws(CancellationError) {
        if isCancelled { throw CancellationError() }
        advance()
    }

    package var progress: JobProgress {
        let done = doneCount.load(ordering: .relaxed)
        return JobProgress(
            name: name, done: done, total: totalCount.load(ordering: .relaxed))
    }
}
