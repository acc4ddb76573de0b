// Threads of tests, which begin together.

import Glibc

/// Runs `body` on as many threads at once, and waits for all of them.
package func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let ready = Guarded(0)
    let threads = (0..<count).map { index in
        makeThread {
            ready.change { $0 += 1 }
            // All begin together, or as near to it as there are processors.
            ready.wait { $0 == count }
            body(index)
        }
    }
    for thread in threads { pthread_join(thread, nil) }
}

private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

package func makeThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    let status = pthread_create(
        &thread, nil,
        { work in
            if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
            return nil
        }, work)
    precondition(status == 0, "no thread can be made: pthread_create failed")
    return thread
}
