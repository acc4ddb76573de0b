// Why a lane did not keep a batch now, sorted by what is to be done next.

import Store

enum LaneFault: Error, Equatable {
    /// Surely nothing of the batch was kept: decide again, on what others have written meanwhile.
    case overtaken(String)
    /// The connection is of no more use: take the lane anew, and learn what became of the batch.
    case lost(String)
    /// No connection comes about.
    case unreachable(String)
    /// The database does not promise what is wanted of it, or is not what it was: nothing is
    /// decided.
    case away(StoreFault.AwayReason, String)
    /// It was kept, and this host has no room to remember that: nobody is told.
    case unremembered(String)

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
