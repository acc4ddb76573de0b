// A socket to serve, and the app or the admins that it is for.

import Accounts
import Wire

package struct Listener: Sendable {
    package enum Door: Equatable, Sendable {
        /// Whoever can connect is an admin; the file's mode decides who can.
        case admins
        /// Whoever connects speaks for the apps of their Unix user and groups.
        case apps
        /// The same, but for this app alone. The namesake is the Unix user called like it, who
        /// speaks for it where the configuration names nobody.
        case app(AppName, namesake: UInt32?)
    }

    /// A bound descriptor; it belongs to the server from here on.
    package let descriptor: Int32
    package let door: Door

    package init(descriptor: Int32, door: Door) {
        self.descriptor = descriptor
        self.door = door
    }

    /// In the order in which they are to be served: whoever has had an answer as an app finds the
    /// admins' socket there.
    package static func inOrder(_ listeners: [Listener]) -> [Listener] {
        listeners.filter { $0.door == .admins } + listeners.filter { $0.door != .admins }
    }

    func speaker(uid: UInt32, groups: () throws -> [UInt32]) rethrows -> Speaker {
        switch door {
        case .admins: return .admin
        case .apps: return .user(uid: uid, groups: try groups(), socketOf: nil)
        case .app(let app, _): return .user(uid: uid, groups: try groups(), socketOf: app)
        }
    }
}
