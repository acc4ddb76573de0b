// Looks up Unix users and groups by name (getpwnam(3), getgrnam(3)). A look-up that failed is told
// apart from a name that does not exist.

import Glibc
import Secrets

/// Closures, so that a test can have users that its host has not.
package struct UnixNames: Sendable {
    package let uid: @Sendable (String) throws -> UInt32?
    package let gid: @Sendable (String) throws -> UInt32?

    package init(
        uid: @escaping @Sendable (String) throws -> UInt32?,
        gid: @escaping @Sendable (String) throws -> UInt32?
    ) {
        self.uid = uid
        self.gid = gid
    }

    package static let ofThisHost = UnixNames(
        uid: { name in
            try lookUp { buffer in
                var entry = passwd()
                var found: UnsafeMutablePointer<passwd>?
                let status = getpwnam_r(name, &entry, &buffer, buffer.count, &found)
                return (status, found == nil ? nil : entry.pw_uid)
            }
        },
        gid: { name in
            try lookUp { buffer in
                var entry = group()
                var found: UnsafeMutablePointer<group>?
                let status = getgrnam_r(name, &entry, &buffer, buffer.count, &found)
                return (status, found == nil ? nil : entry.gr_gid)
            }
        })

    /// A group of ten thousand members fits, by their names.
    private static let bytesMax = 1 << 20

    private static func lookUp(
        _ call: (inout [CChar]) -> (status: Int32, id: UInt32?)
    ) throws(LookUpFault) -> UInt32? {
        var size = 4096
        while true {
            var buffer = [CChar](repeating: 0, count: size)
            let (status, id) = call(&buffer)
            switch status {
            case 0: return id
            // What some name services say for "not there"; see getpwnam(3).
            case ENOENT, ESRCH: return nil
            case ERANGE where size < bytesMax: size *= 4
            case EINTR: continue
            default: throw LookUpFault(description: errorText(status))
            }
        }
    }

    private struct LookUpFault: Error, CustomStringConvertible {
        let description: String
    }
}
