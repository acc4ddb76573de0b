// Why nothing new can be made at a path that an admin has named.

import Glibc
import Secrets

package enum NewPathFault: Error, Equatable, Sendable {
    /// It does not begin at the root, or has `..`, `.` or nothing between two slashes.
    case notPlain
    case exists
    /// It leads to what this service alone can see, at this place.
    case hidden(String)
    case failed(call: String, errno: Int32)

    init(_ call: String) { self = .failed(call: call, errno: errno) }
}

extension NewPathFault: CustomStringConvertible {
    /// In words for whoever named the path.
    package var description: String {
        switch self {
        case .notPlain: return "a whole path is expected, from / on and without .."
        case .exists: return "there is something already"
        case .hidden(let place):
            return "totpd's service has a \(place) of its own, which is gone when it stops"
        case .failed(_, let code): return Self.words(code)
        }
    }

    /// The same for the host's log, with the call that failed.
    package var cause: String {
        guard case .failed(let call, let code) = self else { return description }
        return "\(call): \(errorText(code))"
    }

    /// Whether another place would do.
    package var isOfPlace: Bool {
        switch self {
        case .notPlain, .exists: return false
        case .hidden: return true
        case .failed(_, let code):
            return [EROFS, EACCES, EPERM, ENOENT, ENOTDIR, ELOOP, ENOSPC, EDQUOT].contains(code)
        }
    }

    private static func words(_ code: Int32) -> String {
        switch code {
        case EROFS: return "for totpd this place is read-only"
        case EACCES, EPERM: return "totpd, as user \(geteuid()), may not write there"
        case ENOENT: return "the directory that it would be in is not there for totpd"
        case ENOTDIR, ELOOP: return "what it would be in is no directory"
        case ENOSPC, EDQUOT: return "there is no room"
        case EFBIG: return "a file there may not be as large as this"
        case ENAMETOOLONG: return "a name in it is too long"
        default: return "it could not be written (\(errorText(code)))"
        }
    }
}
