// Threads of a test, and what went wrong on any of them.

import Foundation

final class Crew: @unchecked Sendable {
    // Unchecked, because `fault` is used under the lock alone; pthread's, which Thread Sanitizer
    // knows.
    private let lock = NSLock()
    private let group = DispatchGroup()
    private var fault: (any Error)?

    /// Runs `body` on a thread of its own.
    func begin(_ body: @escaping @Sendable () throws -> Void) {
        group.enter()
        let thread = Thread { [self] in
            do {
                try body()
            } catch {
                lock.withLock { fault = fault ?? error }
            }
            group.leave()
        }
        thread.start()
    }

    /// Waits for all of them, and throws what the first to fail has thrown.
    func join() throws {
        group.wait()
        if let fault = lock.withLock({ fault }) { throw fault }
    }
}
