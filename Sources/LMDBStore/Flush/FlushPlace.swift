// Where the next flush is done: on the thread that has written, or on one of its own. The former
// saves two wake-ups. The latter lets others go on meanwhile. What earlier flushes have shown
// decides: how long the disk takes, and whether anything else came while it was busy.

struct FlushPlace {
    /// What waking a thread and being woken by it cost on a busy host, in microseconds. A thread
    /// that flushes by itself for so long holds up nobody for longer than that would.
    static let quickMax: Int64 = 500
    /// After so many flushes in a row during which nothing else was written, whoever asks waits for
    /// each answer, and does so alone. Whoever then comes all the same waits for half a flush more,
    /// on average. After fewer, that would cost more than the wake-ups of all.
    static let aloneMin = 32
    /// A thread that flushes by itself does not see what comes meanwhile. So many do in a row; then
    /// another thread does, and sees it.
    static let unseenMax = 16
    /// The last flush counts for an eighth: one that took long by chance is forgotten after about
    /// ten others.
    private static let weight: Int64 = 8

    /// Of about the last eight, in microseconds; nil before the first.
    private(set) var average: Int64?
    /// Flushes in a row that were seen to be alone.
    private var alone = 0
    /// Flushes since then that nobody saw.
    private var unseen = 0

    enum Company {
        /// Something else was written during the flush.
        case others
        case none
        /// The thread that writes has flushed.
        case unseen
    }

    /// A flush has ended well.
    mutating func note(microseconds: Int64, _ company: Company) {
        average = average.map { $0 + (microseconds - $0) / Self.weight } ?? microseconds
        switch company {
        case .others: (alone, unseen) = (0, 0)
        case .none: (alone, unseen) = (min(alone + 1, Self.aloneMin), 0)
        case .unseen: unseen += 1
        }
    }

    /// Whether whoever has written had better flush, when nothing else is in flight. Not before
    /// flushes have shown it.
    var isHere: Bool { isQuick || isAlone }

    private var isQuick: Bool { average.map { $0 < Self.quickMax } ?? false }
    private var isAlone: Bool { alone == Self.aloneMin && unseen < Self.unseenMax }
}
