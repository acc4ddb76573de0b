// How long the disk takes for a flush, as a running figure: whether a thread is worth waking for
// one.

struct FlushTimes {
    /// What waking a thread and being woken by it cost on a busy host, in microseconds. A thread
    /// that flushes by itself for so long holds up nobody for longer than that would.
    static let quickMax: Int64 = 500
    /// The last flush counts for an eighth: one that took long by chance is forgotten after some
    /// ten others.
    private static let weight: Int64 = 8

    /// Of about the last eight, in microseconds; nil before the first.
    private(set) var average: Int64?

    mutating func note(microseconds: Int64) {
        guard let average else {
            self.average = microseconds
            return
        }
        self.average = average + (microseconds - average) / Self.weight
    }

    /// Whether it is better to flush than to have it done. Not before a flush has shown it.
    var isQuick: Bool { average.map { $0 < Self.quickMax } ?? false }
}
