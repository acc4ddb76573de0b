// The world failed, and nothing was kept.

package enum StoreFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// No room on the disk, or in the map (ENOSPC, EDQUOT, MDB_MAP_FULL). Later tries may succeed.
    case full(String)
    /// It could not be read just now, and nothing was changed. Later tries may succeed.
    case unreadable(String)
    /// It is elsewhere, and cannot be reached, or does not promise to keep what it is given. Of
    /// what was asked, nothing is answered, and all may have been kept. Later tries may succeed.
    case away(String)
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
        case .away(let cause): return "the store is away (\(cause))"
        case .broken(let cause): return "the store is broken (\(cause))"
        }
    }
}
