// Why there is no copy. The store is none the worse.

package enum CopyFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another path, or more room there, may do.
    case path(NewPathFault)
    case stopped
    case failed(String)

    package var description: String {
        switch self {
        case .path(let fault): return fault.description
        case .stopped: return "it was stopped before its end"
        case .failed(let cause): return cause
        }
    }
}
