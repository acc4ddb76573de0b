// The world failed, and nothing was kept.

package enum StoreFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// No room on the disk, or in the map (ENOSPC, EDQUOT, MDB_MAP_FULL). Later tries may succeed.
    case full(String)
    /// It could not be read just now, and nothing was changed. Later tries may succeed.
    case unreadable(String)
    /// What was written may or may not be on the disk. Nothing may be tried again on top of that:
    /// the process must end, and start from what the disk holds.
    case broken(String)

    /// Whether the store is as it was, and may do later what it cannot do now.
    package var mayPass: Bool {
        switch self {
        case .full, .unreadable: return true
        case .broken: return false
        }
    }

    package var description: String {
        switch self {
        case .full(let cause): return "the store is full (\(cause))"
        case .unreadable(let cause): return "the store cannot be read (\(cause))"
        case .broken(let cause): return "the store is broken (\(cause))"
        }
    }
}
