// A thread of our own (pthread_create(3)), for work that blocks on the disk: that would hold up a
// pool. Whoever made it waits for its end.

import CLinux
import Glibc

package struct JoinableThread: @unchecked Sendable {
    // Unchecked, because pthread_t is an address in some C libraries; it is only a name here.
    private let thread: pthread_t

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            (self.name, self.run) = (name, run)
        }
    }

    /// Starts it. What `body` holds lives until it returns.
    ///
    /// - Parameter name: what top(1) shows, 15 bytes.
    package init(named name: String, _ body: @escaping @Sendable () -> Void) {
        var made = pthread_t()
        let body = Unmanaged.passRetained(Body(name, body)).toOpaque()
        let status = pthread_create(
            &made, nil,
            { body in
                guard let body else { preconditionFailure("the thread got nothing to do") }
                let thread = Unmanaged<Body>.fromOpaque(body).takeRetainedValue()
                linux_name_thread(thread.name)
                thread.run()
                return nil
            }, body)
        precondition(status == 0, "no thread can be made: pthread_create failed")
        thread = made
    }

    /// Waits until it has ended. May be called once.
    package func join() { pthread_join(thread, nil) }
}
