// What the lane counts about itself: plain numbers, two looks at a clock for each batch.

package struct LaneFigures: Sendable {
    package private(set) var batches = 0
    package private(set) var changes = 0
    package private(set) var batchMax = 0
    /// Batches that were refused for want of room.
    package private(set) var refused = 0
    /// Whether the last batch was.
    package private(set) var isFull = false
    /// When a batch was refused last, in microseconds of the monotonic clock; 0: none was.
    package private(set) var refusedAt: Int64 = 0
    /// How long batches took, from the first look-up to the end of the flush.
    package private(set) var times = TimeHistogram()
    /// When the last batch was kept, in microseconds of the monotonic clock; 0: none was.
    package private(set) var keptAt: Int64 = 0

    package init() {}

    mutating func note(_ count: Int, since began: Int64, _ fault: StoreFault?) {
        let now = MonotonicClock.microseconds()
        batches += 1
        changes += count
        batchMax = max(batchMax, count)
        times.note(microseconds: now - began)
        if case .full = fault { isFull = true } else { isFull = false }
        if fault == nil {
            keptAt = now
        } else {
            refused += 1
            refusedAt = now
        }
    }
}
