// What the lane has to say, until everything that it has seen is on the disk. Words leave in the
// order in which they were put in.

final class Outbox: @unchecked Sendable {
    // Unchecked, because what changes is used under `monitor`.

    /// Something to say, and what to say in its place once it can never be true.
    struct Word: Sendable {
        let tell: @Sendable () -> Void
        let fail: @Sendable (StoreFault) -> Void
    }

    private let monitor = Monitor()
    private let store: any AccountStore
    /// In the order of their positions.
    private var held: [(position: UInt64, word: Word)] = []
    private var isTelling = false
    private var fault: StoreFault?

    init(of store: any AccountStore) { self.store = store }

    /// Says a word once everything up to `position` is on the disk: at once, if it is.
    func put(_ word: Word, at position: UInt64) {
        let fault = monitor.locked {
            if self.fault == nil { held.append((position, word)) }
            return self.fault
        }
        if let fault { word.fail(fault) } else { tell() }
    }

    /// Says whatever may be said by now. One thread at a time does, so that they come in order.
    func tell() {
        var isTeller = false
        while let words = take(&isTeller) {
            for word in words { word.tell() }
        }
    }

    /// Nil when there is nothing to say, or another thread says it.
    private func take(_ isTeller: inout Bool) -> [Word]? {
        monitor.locked {
            guard isTeller || !isTelling else { return nil }
            let flushed = store.flushed
            let count = held.prefix { $0.position <= flushed }.count
            isTeller = count > 0
            isTelling = isTeller
            guard isTeller else {
                if held.isEmpty { monitor.notify() }
                return nil
            }
            defer { held.removeFirst(count) }
            return held.prefix(count).map(\.word)
        }
    }

    /// What is held can never be said, nor what comes.
    func fail(_ fault: StoreFault) {
        let words: [Word] = monitor.locked {
            if self.fault == nil { self.fault = fault }
            defer {
                held = []
                monitor.notify()
            }
            return held.map(\.word)
        }
        for word in words { word.fail(fault) }
    }

    /// Returns once everything was said. Nothing may be put in any more.
    func waitUntilEmpty() {
        monitor.locked {
            while !held.isEmpty || isTelling { monitor.wait() }
        }
    }
}
