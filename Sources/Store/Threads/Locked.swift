// A value under a mutex of the system. Swift's own Mutex hands a contended lock over inside the
// kernel, where Thread Sanitizer does not see it, so it reports races that are none. The value is
// reachable only through `withLock`.

package final class Locked<Value>: @unchecked Sendable {
    // Unchecked, because `value` is used under `monitor` only.
    private let monitor = Monitor()
    private var value: Value

    package init(_ value: Value) { self.value = value }

    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try monitor.locked { () throws(Failure) in try body(&value) }
    }
}
