// How far the log has been folded, and how far it must reach at least.

struct LogMark: Equatable {
    static let none = LogMark(folded: .none, reached: .none)
    /// Every frame up to this one is in LMDB.
    let folded: LogFrameID
    /// This frame was once written, and so it or a later one must be found; none after a clean end,
    /// when the log is not needed.
    let reached: LogFrameID
}
