// The configuration in force. A reload replaces it as a whole. Each request asks for it once, so
// that no decision mixes two.

import Accounts
import Configuration
import Synchronization
import Wire

package final class LiveConfiguration: Sendable {
    private struct State {
        var configuration: Configuration
        /// Apps with a socket of their own, and the Unix user who is called like each.
        var namesakes: [AppName: UInt32] = [:]
    }

    private let state: Mutex<State>
    /// Root and the daemon's own user, who can do everything here.
    private let trusted: Set<UInt32>

    package init(_ configuration: Configuration = .standard, trusted: Set<UInt32> = [0]) {
        state = Mutex(State(configuration: configuration))
        self.trusted = trusted
    }

    var now: Configuration { state.withLock { $0.configuration } }

    package func replace(with configuration: Configuration) {
        state.withLock { $0.configuration = configuration }
    }

    /// There is a socket of an app's own.
    func add(_ app: AppName, namesake: UInt32?) {
        state.withLock { $0.namesakes[app] = namesake }
    }

    func policy(of app: AppName) -> AppPolicy {
        state.withLock { $0.configuration.policy(of: app) }
    }

    /// On whose behalf somebody speaks, as of now.
    func caller(_ speaker: Speaker) -> Caller {
        switch speaker {
        case .admin: return .admin
        case .user(let uid, _, let app?) where trusted.contains(uid): return .app(app)
        case .user(let uid, let groups, let socket):
            let apps = state.withLock {
                $0.configuration.speaks(uid: uid, groups: groups, namesakes: $0.namesakes)
            }
            // A socket of one app is no way into it for whom the other socket would not let in.
            if let socket { return apps.contains(socket) ? .app(socket) : .nobody }
            guard let first = apps.first else { return .nobody }
            return apps.count == 1 ? .app(first) : .apps(apps)
        }
    }
}
