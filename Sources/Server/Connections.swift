// The connections that are open, counted by whom they serve. Used on the event loop only.

import CLinux
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

    /// The most connections since memory was given back.
    private var most = 0
    /// Fewer connections hold too little to go to the trouble.
    private static let trimMin = 256
    /// Requests that may be under way on one connection.
    private(set) var pipelineMax = ServerPolicy.pipelineMax
    /// Lines of one connection that are taken in one turn: fewer when many want their turn, and so
    /// that the answers of one turn are fewer too.
    var linesPerTurn: Int { min(ServerPolicy.linesPerTurn, pipelineMax) }

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
        most = max(most, byIdentity.count)
        share()
    }

    /// Gives memory back once half of many connections are gone; by itself the allocator keeps it
    /// for ever (malloc_trim(3)).
    private func trim() {
        guard most >= Self.trimMin, byIdentity.count <= most / 2 else { return }
        most = byIdentity.count
        malloc_trim(0)
    }

    private func share() {
        pipelineMax = ServerPolicy.pipelineMax(connections: byIdentity.count)
    }

    func remove(_ connection: Connection, _ caller: Caller) {
        guard byIdentity.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        switch caller {
        case .app: apps -= 1
        case .admin: admins -= 1
        }
        share()
        trim()
        announceIfEmpty()
    }

    func announceIfEmpty() {
        guard byIdentity.isEmpty, let announce = whenEmpty else { return }
        whenEmpty = nil
        announce()
    }
}
