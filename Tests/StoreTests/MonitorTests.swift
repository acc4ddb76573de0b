// Who is woken, and when: a wake-up that is lost is a thread that sleeps for ever.

import Patience
import Synchronization
import Testing

@testable import Store

@Suite("A monitor")
struct MonitorTests {
    @Test("wakes whoever waits although the thread that notifies waits itself, under one lock")
    func notifyThenWait() throws {
        let monitor = Monitor()
        let (asked, answered) = (Locked(false), Locked(false))
        let other = JoinableThread(named: "other") {
            monitor.locked {
                while !asked.withLock({ $0 }) { monitor.wait() }
                answered.withLock { $0 = true }
                monitor.notify()
            }
        }
        let asker = JoinableThread(named: "asker") {
            monitor.locked {
                asked.withLock { $0 = true }
                monitor.notify()
                while !answered.withLock({ $0 }) { monitor.wait() }
            }
        }
        try eventually("both have gone on") { answered.withLock { $0 } }
        asker.join()
        other.join()
    }

    @Test("wakes only once the lock is free, so that nobody wakes to wait for it")
    func freeLock() throws {
        let monitor = Monitor()
        let (isWaiting, isWoken) = (Locked(false), Locked(false))
        let other = JoinableThread(named: "other") {
            monitor.locked {
                isWaiting.withLock { $0 = true }
                monitor.wait()
                isWoken.withLock { $0 = true }
            }
        }
        try eventually("the other thread waits") {
            monitor.locked { isWaiting.withLock { $0 } }
        }
        monitor.locked { monitor.notify() }
        try eventually("it has been woken") { isWoken.withLock { $0 } }
        other.join()
    }
}
