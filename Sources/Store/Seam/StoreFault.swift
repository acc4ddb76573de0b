// The world failed, and nothing was kept.

package enum StoreFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// No room on the disk, or in the map (ENOSPC, EDQUOT, MDB_MAP_FULL). Later tries may succeed.
    case full(String)
    /// It could not be read just now, and nothing was changed. Later tries may succeed.
    case unreadable(String)
    /// It is elsewhere, and cannot be reached, or does not promise to keep what it is given. Of
    /// what was asked, nothing is answered, and all may have been kept. Later tries may succeed.
    case away(AwayReason, String)
    /// What was written may or may not be on the disk. Nothing may be tried again on top of that:
    /// the process must end, and start from what the disk holds.
    case broken(String)

    /// Whether the store may do later what it cannot do now, and may be tried as it is.
    package var mayPass: Bool {
        switch self {
        case .full, .unreadable, .away: return true
        case .broken: return false
        }
    }

    package var description: String {
        switch self {
        case .full(let cause): return "the store is full (\(cause))"
        case .unreadable(let cause): return "the store cannot be read (\(cause))"
        case .away(_, let cause): return "the store is away (\(cause))"
        case .broken(let cause): return "the store is broken (\(cause))"
        }
    }
}

extension StoreFault {
    /// Why a store that is elsewhere gives no answers. Raw values are reasons of `health`.
    package enum AwayReason: String, CaseIterable, Sendable {
        /// It cannot be reached, or does not answer in time.
        case databaseAway = "database_away"
        /// It would not keep what it is given where it should: on another host as well.
        case notReplicated = "not_replicated"
        /// Its clock and this host's are so far apart that one of them is wrong.
        case clockSkew = "clock_skew"
        /// It has less than it has acknowledged. No later try will succeed.
        case wentBack = "store_went_back"
        /// Another process writes in this host's place. No later try will succeed.
        case laneTaken = "lane_taken"
    }
}
