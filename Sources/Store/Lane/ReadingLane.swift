// The thread of looks into a store that is elsewhere. They wait for the network, so neither a
// change nor a sign of life should wait for them, nor they for a change.

/// One look at a time, in the order in which they came.
final class ReadingLane: Sendable {
    private let store: any AccountStore
    private let thread = StoppableThread()
    /// Under the thread's monitor.
    private let looks = Waiting()

    private final class Waiting: @unchecked Sendable {
        // Unchecked, because it is used under the thread's monitor only.
        var looks: [WriterLane.Look] = []
    }

    init(_ store: any AccountStore) {
        self.store = store
        thread.start(named: "looks") { [self] in run() }
    }

    /// Returns false, and does nothing, once it has stopped.
    func look(_ body: @escaping WriterLane.Look) -> Bool {
        thread.monitor.locked {
            guard !thread.isStopping else { return false }
            looks.looks.append(body)
            thread.monitor.notify()
            return true
        }
    }

    /// Ends it behind the look that is under way. Those that wait find nothing: each may wait for
    /// the database for seconds.
    func stop() {
        thread.stop()
        let rest: [WriterLane.Look] = thread.monitor.locked {
            defer { looks.looks = [] }
            return looks.looks
        }
        for look in rest { look(nil)() }
    }

    private func run() {
        while let look = next() { look(store)() }
    }

    /// Nil when it should end.
    private func next() -> WriterLane.Look? {
        thread.monitor.locked {
            while looks.looks.isEmpty, !thread.isStopping { thread.monitor.wait() }
            return thread.isStopping ? nil : looks.looks.removeFirst()
        }
    }
}
