// The jobs that are under way, so that one ends before another of its name begins and all end with
// the daemon.

import Synchronization

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
