// Why a lane did not keep a batch now, sorted by what is to be done next.

enum LaneFault: Error, Equatable {
    /// Surely nothing of the batch was kept: decide again, on what others have written meanwhile.
    case overtaken(String)
    /// The connection is of no more use: take the lane anew, and learn what became of the batch.
    case lost(String)
    /// No connection comes about.
    case unreachable(String)
    /// The database does not promise what is wanted of it: nothing is decided.
    case notReplicated
    /// Somebody else writes in the lane's place, or the database has gone back: nothing more is
    /// decided by this process.
    case foreign(String)

    init(_ fault: DatabaseFault) {
        switch fault {
        case .noLibrary(let cause), .unreachable(let cause): self = .unreachable(cause)
        case .lost(let cause): self = .lost(cause)
        case .unexpected: self = .lost(fault.description)
        case .refused(let state, let cause):
            switch state {
            case .serializationFailure, .deadlock, .lockNotAvailable, .uniqueViolation,
                .notNullViolation:
                self = .overtaken(cause)
            // Also what a later version may refuse: with the connection goes the transaction.
            default: self = .lost(fault.description)
            }
        }
    }
}
