// How far the log has come on the disk, and when LMDB is told. A start that finds less than LMDB
// knows of refuses: otherwise a log whose end was overwritten with zeros would look like one that
// nobody has written further, and used codes would count again.

struct LogReach {
    /// A flush of LMDB's is spent so often, while there is anything new: what may be cut unnoticed
    /// is what came in the last minute.
    static let interval = Duration.seconds(60)
    /// How long the lane may take to say what is on the disk by now.
    static let patience = Duration.seconds(1)

    enum Step: Equatable {
        /// Nothing for so long.
        case rest(Duration)
        /// The lane has to be asked what is on the disk by now.
        case ask
        /// LMDB has to be told of this frame.
        case note(LogFrameID)
    }

    /// The last frame that was written when the lane looked last.
    private var written = LogFrameID.none
    /// The last of those that is on the disk for certain.
    private var reached = LogFrameID.none
    private var noted = LogFrameID.none
    private var next: ContinuousClock.Instant
    private var hasAsked = false

    init(at now: ContinuousClock.Instant) { next = now + Self.interval }

    /// - Parameters:
    ///   - last: the last frame that was written.
    ///   - flushed: the number of the last one that is on the disk.
    mutating func saw(_ last: LogFrameID, flushed: UInt64) {
        guard written.sequence <= flushed else { return }
        reached = last.sequence <= flushed ? last : written
        written = last
    }

    mutating func step(at now: ContinuousClock.Instant) -> Step {
        guard now >= next else { return .rest(next - now) }
        if reached != written, !hasAsked {
            (hasAsked, next) = (true, now + Self.patience)
            return .ask
        }
        (hasAsked, next) = (false, now + Self.interval)
        guard reached != noted else { return .rest(Self.interval) }
        noted = reached
        return .note(reached)
    }
}
