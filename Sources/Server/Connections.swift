// The connections that are open, counted by whom they serve. Used on the event loop only.

import NIOCore
import Wire

final class Connections {
    var listening: [any Channel] = []
    private let appsMax: Int
    private(set) var apps = 0
    private(set) var admins = 0
    private var byIdentity: [ObjectIdentifier: Connection] = [:]
    /// Told once no connection is left; set when draining.
    var whenEmpty: (() -> Void)?

    init(appsMax: Int) { self.appsMax = appsMax }

    /// Requests that may be under way on one connection.
    private(set) var pipelineMax = ServerPolicy.pipelineMax

    var open: [Connection] { Array(byIdentity.values) }

    /// Counts a connection in, unless that would be one too many.
    func admit(_ caller: Caller) -> Bool {
        switch caller {
        case .app:
            guard apps < appsMax else { return false }
            apps += 1
        case .admin:
            guard admins < ServerPolicy.adminConnectionsMax else { return false }
            admins += 1
        }
        return true
    }

    func add(_ connection: Connection) {
        byIdentity[ObjectIdentifier(connection)] = connection
        share()
    }

    private func share() {
        let share = ServerPolicy.pipelineTotal / max(1, byIdentity.count)
        pipelineMax = max(ServerPolicy.pipelineMin, min(share, ServerPolicy.pipelineMax))
    }

    func remove(_ connection: Connection, _ caller: Caller) {
        guard byIdentity.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        switch caller {
        case .app: apps -= 1
        case .admin: admins -= 1
        }
        share()
        announceIfEmpty()
    }

    func announceIfEmpty() {
        guard byIdentity.isEmpty, let announce = whenEmpty else { return }
        whenEmpty = nil
        announce()
    }
}
