// A value under a mutex, and a way to wait until it is as wanted. On the same primitives as the
// lane, so that Thread Sanitizer sees who waited for whom. Nothing here knows the time.

import Glibc

/// A value under a mutex, and a way to wait until it is as wanted.
package final class Guarded<Value>: @unchecked Sendable {
    // Unchecked, because `value` is used only under `mutex`.
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    package var current: Value { change { $0 } }

    @discardableResult
    package func change<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        return body(&value)
    }

    @discardableResult
    package func wait(until isWanted: (Value) -> Bool) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isWanted(value) { pthread_cond_wait(changed, mutex) }
        return value
    }
}
