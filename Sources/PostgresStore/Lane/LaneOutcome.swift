// What became of a batch whose COMMIT had no answer, told by the lane's row once nobody but us can
// write it any more.

enum LaneOutcome: Equatable {
    /// All of it is there, and its answers may leave.
    case kept
    /// Nothing of it is there, nor will be.
    case notKept
    /// The database has less than it has acknowledged: it was restored, or failed over to a standby
    /// that had not got all.
    case wentBack
    /// It has more, of somebody else in our name.
    case taken

    /// - Parameters:
    ///   - acknowledged: batches of the lane that surely were kept.
    ///   - isOneMoreTried: whether another was sent.
    ///   - found: batches by the lane's row.
    init(acknowledged: Int64, isOneMoreTried: Bool, found: Int64) {
        switch found {
        case acknowledged: self = .notKept
        case acknowledged + 1 where isOneMoreTried: self = .kept
        case ..<acknowledged: self = .wentBack
        default: self = .taken
        }
    }

    /// Whether a database has gone back since a host wrote down where its lane ended.
    static func hasGoneBack(from remembered: LaneEnd, to found: LaneEnd) -> Bool {
        // Behind what is remembered, it may have kept a batch that nobody was told of.
        found.batches < remembered.batches
            || found.batches == remembered.batches && found != remembered
    }
}
