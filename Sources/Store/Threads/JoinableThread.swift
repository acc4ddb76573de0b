// A thread of our own (pthread_create(3)), for work that blocks on the disk: that would hold up a
// pool. Whoever made it waits for its end.

import Glibc

package struct JoinableThread: @unchecked Sendable {
    // Unchecked, because pthread_t is an address in some C libraries; it is only a name here.
    private let thread: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts it. What `body` holds lives until it returns.
    package init(_ body: @escaping @Sendable () -> Void) {
        var made = pthread_t()
        let body = Unmanaged.passRetained(Body(body)).toOpaque()
        let status = pthread_create(
            &made, nil,
            { body in
                guard let body else { preconditionFailure("the thread got nothing to do") }
                Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run()
                return nil
            }, body)
        precondition(status == 0, "no thread can be made: pthread_create failed")
        thread = made
    }

    /// Waits until it has ended. May be called once.
    package func join() { pthread_join(thread, nil) }
}
