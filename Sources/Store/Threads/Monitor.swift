// A mutex and a condition (pthread_mutex_lock(3), pthread_cond_wait(3)) as one thing. Touch the
// state that it guards only inside `locked`.

import Glibc

package final class Monitor: @unchecked Sendable {
    // Unchecked, because the pointers never change, what they point to is made for the use of
    // several threads (pthread_mutex_lock(3), pthread_cond_wait(3)), and the lock guards the rest.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    /// Somebody is to be woken. Under the lock.
    private var isNotified = false

    package init() {
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        // The clock that nobody sets (pthread_condattr_setclock(3)).
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    package func locked<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            let isNotified = takeNotification()
            pthread_mutex_unlock(mutex)
            // Now, since who wakes takes the lock at once: it would wait for us a second time.
            if isNotified { pthread_cond_broadcast(changed) }
        }
        return try body()
    }

    private func takeNotification() -> Bool {
        defer { isNotified = false }
        return isNotified
    }

    /// Lets go of the lock until `notify`; within `locked` only.
    package func wait() {
        if takeNotification() { pthread_cond_broadcast(changed) }
        pthread_cond_wait(changed, mutex)
    }

    /// The same, for so long at most.
    package func wait(atMost time: Duration) {
        if takeNotification() { pthread_cond_broadcast(changed) }
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let (seconds, attoseconds) = time.components
        end.tv_sec += Int(seconds)
        end.tv_nsec += Int(attoseconds / 1_000_000_000)
        if end.tv_nsec >= 1_000_000_000 {
            end.tv_sec += 1
            end.tv_nsec -= 1_000_000_000
        }
        pthread_cond_timedwait(changed, mutex, &end)
    }

    /// Wakes all who wait, once the lock is free; within `locked` only.
    package func notify() { isNotified = true }
}
