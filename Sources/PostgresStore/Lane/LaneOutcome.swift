// What became of a batch whose COMMIT had no answer, told by the lane's row once nobody but us can
// write it any more.

enum LaneOutcome: Equatable {
    /// All of it is there, and its answers may leave.
    case kept
    /// Nothing of it is there, nor will be.
    case notKept
    /// The database has less than it has acknowledged: it was restored, or failed over to a standby
    /// that had not got all. Or it has more, of somebody else in our name.
    case foreign

    /// - Parameters:
    ///   - acknowledged: batches of the lane that surely were kept.
    ///   - isOneMoreTried: whether another was sent.
    ///   - found: batches by the lane's row.
    init(acknowledged: Int64, isOneMoreTried: Bool, found: Int64) {
        switch found {
        case acknowledged: self = .notKept
        case acknowledged + 1 where isOneMoreTried: self = .kept
        default: self = .foreign  // Any other number was written by somebody else, or is gone.
        }
    }
}
