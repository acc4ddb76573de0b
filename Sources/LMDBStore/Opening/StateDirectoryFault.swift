// Why a directory cannot hold the store, in words for the operator.

import Glibc
import Secrets

package enum StateDirectoryFault: Error, Equatable, Sendable, CustomStringConvertible {
    case cannotMake(errno: Int32)
    case cannotOpen(errno: Int32)
    case exposed(mode: UInt32)
    case foreignOwner(uid: UInt32)
    case inUse

    package var description: String {
        switch self {
        case .cannotMake(let errno): return "it cannot be made (\(errorText(errno)))"
        case .cannotOpen(let errno): return "it cannot be opened (\(errorText(errno)))"
        case .exposed(let mode):
            return "others may look into it (mode \(String(mode, radix: 8))); hint: chmod 700"
        case .foreignOwner(let uid):
            return "it belongs to user \(uid), not to the one totpd runs as"
        case .inUse: return "another totpd is serving from it"
        }
    }
}
