// A mutex and a condition (pthread_mutex_lock(3), pthread_cond_wait(3)) as one thing. State that it
// guards must never be touched outside `locked`.

import Glibc

final class Monitor: @unchecked Sendable {
    // Unchecked, because that is what the two are for.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    init() {
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Lets go of the lock until `notify`; within `locked` only.
    func wait() { pthread_cond_wait(changed, mutex) }

    /// Wakes all who wait.
    func notify() { pthread_cond_broadcast(changed) }
}
