// The configuration in force, which a reload replaces as one. Nothing may mix two of them in one
// decision: it is asked once for each request.

import Accounts
import Configuration
import Synchronization
import Wire

package final class LiveConfiguration: Sendable {
    private let current: Mutex<Configuration>

    package init(_ configuration: Configuration = .standard) {
        current = Mutex(configuration)
    }

    var now: Configuration { current.withLock { $0 } }

    package func replace(with configuration: Configuration) {
        current.withLock { $0 = configuration }
    }

    func policy(of app: AppName) -> AppPolicy { current.withLock { $0.policy(of: app) } }

    /// On whose behalf somebody speaks, as of now.
    func caller(_ speaker: Speaker) -> Caller {
        switch speaker {
        case .fixed(let caller): return caller
        case .user(let uid, let groups):
            let apps = current.withLock { $0.speaks(uid: uid, groups: groups) }
            guard let first = apps.first else { return .nobody }
            return apps.count == 1 ? .app(first) : .apps(apps)
        }
    }
}

/// Who is at the other end of a connection.
enum Speaker: Equatable, Sendable {
    /// Whoever reached that socket.
    case fixed(Caller)
    /// A Unix user, and the groups that his process had when it connected.
    case user(uid: UInt32, groups: [UInt32])
}
