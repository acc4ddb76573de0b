// Long work beside the answering: a check, a backup, keys that are changed. It must end when it is
// told to, and anyone may see how far it has come.

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

package struct JobProgress: Equatable, Sendable {
    package let name: String
    package let done: Int
    /// At least `done`: what was expected may have grown meanwhile.
    package let total: Int

    package init(name: String, done: Int, total: Int) {
        self.name = name
        self.done = done
        self.total = max(done, total)
    }
}

/// The jobs that are under way.
package final class Jobs: Sendable {
    private struct State {
        var underWay: [Job] = []
        var isEnding = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Nil when one of this name is under way, or all are to end.
    package func begin(_ name: String) -> Job? {
        state.withLock { state in
            guard !state.isEnding, !state.underWay.contains(where: { $0.name == name }) else {
                return nil
            }
            let job = Job(name)
            state.underWay.append(job)
            return job
        }
    }

    package func end(_ job: Job) {
        state.withLock { $0.underWay.removeAll { $0 === job } }
    }

    package var progress: [JobProgress] { state.withLock { $0.underWay.map(\.progress) } }

    /// Tells all to end, and lets none begin any more.
    package func cancelAll() {
        state.withLock { state in
            state.isEnding = true
            for job in state.underWay { job.cancel() }
        }
    }
}
