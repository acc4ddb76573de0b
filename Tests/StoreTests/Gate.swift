// What makes threads meet in tests, on the same primitives as the lane, so that Thread Sanitizer
// sees who waited for whom. Nothing here knows the time.

import Accounts
import Glibc
import Store

/// A value under a mutex, and a way to wait until it is as wanted.
final class Guarded<Value>: @unchecked Sendable {
    // Unchecked, because `value` is used only under `mutex`.
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ value: Value) {
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

    var current: Value { change { $0 } }

    @discardableResult
    func change<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        return body(&value)
    }

    @discardableResult
    func wait(until isWanted: (Value) -> Bool) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isWanted(value) { pthread_cond_wait(changed, mutex) }
        return value
    }
}

/// Runs `body` on as many threads at once, and waits for all of them.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
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

func makeThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
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

/// A store that lets a batch through only when told to, and remembers what it was given.
final class GatedStore: AccountStore, Sendable {
    struct State {
        /// Batches that may still pass; nil when the gate stands open.
        var passes: Int?
        var entered = 0
        var batches: [[Change]] = []
        var faults: [StoreFault?] = []
    }

    let state: Guarded<State>
    /// Has the lane do what is due for the store itself.
    let due = Guarded<(@Sendable () -> Void)?>(nil)
    private let memory = MemoryStore()

    init(isOpen: Bool) {
        state = Guarded(State(passes: isOpen ? nil : 0))
    }

    func open() { state.change { $0.passes = nil } }
    func letPass() { state.change { $0.passes = ($0.passes ?? 0) + 1 } }
    func waitUntilEntered(_ count: Int) { state.wait { $0.entered >= count } }
    /// What the next batches will come to: a fault, or nil for none.
    func fail(_ faults: [StoreFault?]) { state.change { $0.faults = faults } }

    func id(of name: AccountName) -> RecordID { memory.id(of: name) }

    func address(of key: LimitKey) -> LimitAddress { memory.address(of: key) }

    func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8] {
        memory.hash(backupCode: canonical, salt: salt)
    }

    func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        state.change {
            $0.entered += 1
            $0.batches.append(changes)
        }
        state.wait { $0.passes != 0 }
        let fault = state.change { state in
            if let passes = state.passes { state.passes = passes - 1 }
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
        if let fault { throw fault }
        return try memory.apply(changes)
    }

    func accounts(after: RecordID?, atMost count: Int) throws(StoreFault) -> AccountSlice {
        try memory.accounts(after: after, atMost: count)
    }

    func events(_ position: EventPosition, atMost count: Int) throws(StoreFault) -> EventSlice {
        try memory.events(position, atMost: count)
    }

    func apps(after: AppName?, atMost count: Int) throws(StoreFault) -> AppSlice {
        try memory.apps(after: after, atMost: count)
    }

    func figures() throws(StoreFault) -> StoreFigures { try memory.figures() }
    var lastEvent: UInt64 { memory.lastEvent }
    var clockWatch: ClockWatch { memory.clockWatch }
    var upkeep: any StoreUpkeep { memory.upkeep }
    func whenDue(_ body: @escaping @Sendable () -> Void) { due.change { $0 = body } }

    func check(_ job: Job) throws(StoreFault) -> CheckReport { try memory.check(job) }
}
