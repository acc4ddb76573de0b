// A thread that ends when it is told to, and the monitor under which it shares what others use too.
// Whoever stops it waits for its end.

package final class StoppableThread: @unchecked Sendable {
    // Unchecked, because what changes is used under `monitor` only.
    package let monitor = Monitor()
    /// Whether it has been told to end; to be read under `monitor`.
    package private(set) var isStopping = false
    private var thread: JoinableThread?

    package init() {}

    /// Starts it, once. What `body` holds lives until it returns.
    ///
    /// - Parameter name: what top(1) shows, 15 bytes.
    package func start(named name: String, _ body: @escaping @Sendable () -> Void) {
        monitor.locked { thread = JoinableThread(named: name, body) }
    }

    /// Wakes all who wait, and returns once the thread has ended.
    package func stop() {
        let thread: JoinableThread? = monitor.locked {
            isStopping = true
            monitor.notify()
            defer { self.thread = nil }
            return self.thread
        }
        thread?.join()
    }
}
