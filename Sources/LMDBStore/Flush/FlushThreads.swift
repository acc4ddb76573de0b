// The threads that flush the log, so that the lane goes on meanwhile. `FlushOrder` says what is on
// the disk, and nothing here does. After a flush has failed there must be no other: the kernel has
// forgotten what it could not write, and would say yes (fsync(2), "NOTES").

import Glibc
import Store
import Synchronization

final class FlushThreads: @unchecked Sendable {
    // Unchecked, because everything that changes is used under `monitor`, and `work` is a semaphore
    // (sem_post(3)).

    /// As many flushes are under way at most. A disk takes several at no loss to each. With more,
    /// fewer requests come while all are busy, and have to wait for the end of one. Beside a flush
    /// of 4 ms, 50 clients that wait for each answer wait for 1.6 flushes with four, for 1.2 with
    /// eight, and for hardly less with more.
    static let count = 8

    private let monitor = Monitor()
    private var order: FlushOrder
    private var place = FlushPlace()
    /// The one that frames are written to. All that is in flight is in it.
    private var segment: LogSegment
    private var fault: StoreFault?
    private var threads: [JoinableThread] = []
    /// Threads that wait for work.
    private var idle = 0
    private var isStopping = false
    private var tell: (@Sendable (StoreFault?) -> Void)?
    private let work: UnsafeMutablePointer<sem_t>
    /// Of the order, for any thread.
    private let flushedFrame: Atomic<UInt64>
    private let flushedEvent: Atomic<UInt64>

    /// - Parameter position: everything up to here is on the disk.
    init(at position: FlushOrder.Position, in segment: LogSegment) {
        order = FlushOrder(at: position)
        self.segment = segment
        flushedFrame = Atomic(position.frame)
        flushedEvent = Atomic(position.event)
        work = .allocate(capacity: 1)
        sem_init(work, 0, 0)
    }

    deinit {
        sem_destroy(work)
        work.deallocate()
    }

    /// Has `body` called each time more is flushed, and with the fault when a flush has failed.
    func whenFlushed(_ body: @escaping @Sendable (StoreFault?) -> Void) {
        monitor.locked { tell = body }
    }

    /// The last frame that would survive a loss of power, and the last event.
    var flushed: UInt64 { flushedFrame.load(ordering: .acquiring) }
    var lastEvent: UInt64 { flushedEvent.load(ordering: .acquiring) }

    /// Whether every thread has a frame, and one more waits: what comes now had better gather, and
    /// share the next one.
    var isBehind: Bool { monitor.locked { order.inFlight > Self.count } }

    // MARK: For the lane

    /// Throws when a flush has failed: nothing may be written any more.
    func check() throws(StoreFault) {
        if let fault = monitor.locked({ fault }) { throw fault }
    }

    /// The next frame was written.
    func wrote(_ position: FlushOrder.Position, in segment: LogSegment) {
        monitor.locked {
            precondition(
                segment === self.segment || order.inFlight == 0, "a segment left in flight")
            order.wrote(position)
            self.segment = segment
        }
    }

    /// Has what was written flushed: by this thread, where nothing else is in flight and
    /// `FlushPlace` says so, and otherwise by another.
    func flush() throws(StoreFault) {
        let isHere = monitor.locked {
            guard order.needsFlush, fault == nil else { return false }
            if order.inFlight == 1, place.isHere { return true }
            startThreads()
            if idle > 0 {
                idle -= 1
                sem_post(work)
            }
            return false
        }
        if isHere { try flushHere() }
    }

    /// Returns once everything that was written is on the disk.
    func flushHere() throws(StoreFault) {
        if let (flush, segment) = monitor.locked({ begin() }) {
            run(flush, isHere: true) { () throws(LogFault) in try segment.flush() }
        }
        try monitor.locked { () throws(StoreFault) in
            while fault == nil, order.inFlight > 0 { monitor.wait() }
            if let fault { throw fault }
        }
    }

    /// Ends the threads; nothing may be in flight.
    func stop() {
        let threads = monitor.locked {
            isStopping = true
            for _ in self.threads { sem_post(work) }
            defer { self.threads = [] }
            return self.threads
        }
        for thread in threads { thread.join() }
    }

    // MARK: Threads

    /// Under `monitor`. Not before there is something to do: a store that is only looked at by
    /// tools needs none.
    private func startThreads() {
        guard threads.isEmpty, !isStopping else { return }
        threads = (0..<Self.count).map { number in
            JoinableThread(named: "flush") { self.run(thread: number) }
        }
    }

    private func run(thread number: Int) {
        while let (flush, segment) = next() {
            run(flush, isHere: false) { () throws(LogFault) in try segment.flush(on: number) }
        }
    }

    /// Waits for something to flush; nil when the thread should end.
    private func next() -> (FlushOrder.Flush, LogSegment)? {
        while true {
            let (begun, isOver) = monitor.locked {
                let begun = begin()
                let isOver = begun == nil && (isStopping || fault != nil)
                if begun == nil, !isOver { idle += 1 }
                return (begun, isOver)
            }
            if begun != nil || isOver { return begun }
            while sem_wait(work) != 0 {}
        }
    }

    /// Under `monitor`.
    private func begin() -> (FlushOrder.Flush, LogSegment)? {
        guard fault == nil, order.needsFlush else { return nil }
        return (order.begin(), segment)
    }

    private func run(
        _ flush: FlushOrder.Flush, isHere: Bool, _ body: () throws(LogFault) -> Void
    ) {
        let began = MonotonicClock.microseconds()
        let failure: StoreFault?
        do throws(LogFault) {
            try body()
            failure = nil
        } catch {
            failure = error.storeFault
        }
        let tell: (@Sendable (StoreFault?) -> Void)? = monitor.locked {
            defer { monitor.notify() }
            if let failure {
                fault = fault ?? failure
                return self.tell
            }
            // What another flush could not write is not told of to this one.
            guard fault == nil else { return nil }
            let before = order.flushed
            order.end(flush)
            let company: FlushPlace.Company = order.written == flush.covers ? .none : .others
            let took = MonotonicClock.microseconds() - began
            place.note(microseconds: took, isHere ? .unseen : company)
            flushedFrame.store(order.flushed.frame, ordering: .releasing)
            flushedEvent.store(order.flushed.event, ordering: .releasing)
            return order.flushed == before ? nil : self.tell
        }
        tell?(failure)
    }
}
