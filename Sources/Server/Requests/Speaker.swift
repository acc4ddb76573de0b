// Who is at the other end of a connection, as the kernel says it.

import Accounts

enum Speaker: Equatable, Sendable {
    /// Whoever reached the admins' socket.
    case admin
    /// A Unix user, the groups of the process when it connected, and the app whose own socket
    /// it was, if it was one.
    case user(uid: UInt32, groups: [UInt32], socketOf: AppName?)
}
