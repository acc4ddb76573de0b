// The connections that are open, counted by whom they serve. Used on the event loop only.

import Accounts
import CLinux
import NIOCore
import Wire

final class Connections {
    private(set) var listening: [any Channel] = []
    private let configuration: LiveConfiguration
    private let limits: ServerLimits
    /// Apps that have a socket of their own.
    private var fixedApps: Set<AppName> = []
    private var shares: ConnectionShares
    private(set) var apps = 0
    private(set) var admins = 0
    var counts = RequestCounts()
    var steps = CodeSteps()
    var behind = ClockBehind()
    var sources = SourceSpread()
    /// Of users who speak for no app.
    private var strangers = 0
    private var byApp: [AppName: Int] = [:]
    private var byIdentity: [ObjectIdentifier: Connection] = [:]
    /// Bytes that were read unasked.
    private var unasked = 0
    /// Told once no connection is left; set when draining.
    var whenEmpty: (() -> Void)?

    init(_ configuration: LiveConfiguration, _ limits: ServerLimits) {
        self.configuration = configuration
        self.limits = limits
        shares = ConnectionShares(
            configuration.now, others: [], total: limits.appConnectionsMax)
    }

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

    // MARK: Sockets

    func add(_ channel: any Channel, _ door: Listener.Door) {
        listening.append(channel)
        if case .app(let app, _) = door { fixedApps.insert(app) }
        settle()
    }

    func closeSockets() {
        for channel in listening { channel.close(promise: nil) }
        listening = []
    }

    // MARK: Counting

    /// Counts a connection in, unless that would be one too many.
    func admit(_ caller: Caller) -> Bool {
        guard mayAdmit(caller) else { return false }
        count(caller, 1)
        return true
    }

    private func mayAdmit(_ caller: Caller) -> Bool {
        switch caller {
        case .app, .apps:
            return apps < limits.appConnectionsMax
                && caller.own.allSatisfy { byApp[$0, default: 0] < shares.most($0) }
        case .nobody: return strangers < ServerPolicy.strangersMax
        case .admin: return admins < ServerPolicy.adminConnectionsMax
        }
    }

    /// A connection that speaks for several apps counts with each.
    private func count(_ caller: Caller, _ change: Int) {
        switch caller {
        case .app, .apps:
            apps += change
            for app in caller.own {
                let number = byApp[app, default: 0] + change
                byApp[app] = number == 0 ? nil : number
            }
        case .nobody: strangers += change
        case .admin: admins += change
        }
    }

    /// Another configuration holds: looks again for whom each connection speaks. Those that are one
    /// too many now stay; only new ones are refused.
    func settle() {
        shares = ConnectionShares(
            configuration.now, others: fixedApps, total: limits.appConnectionsMax)
        for connection in byIdentity.values {
            let caller = configuration.caller(connection.speaker)
            guard caller != connection.caller else { continue }
            count(connection.caller, -1)
            count(caller, 1)
            connection.caller = caller
        }
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

    /// Counts bytes in that were read unasked. False when that is too much for all connections.
    func keep(unasked bytes: Int) -> Bool {
        unasked += bytes
        return unasked <= limits.unaskedBytesMax
    }

    private func share() {
        pipelineMax = ServerPolicy.pipelineMax(connections: byIdentity.count)
    }

    func remove(_ connection: Connection) {
        guard byIdentity.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        count(connection.caller, -1)
        unasked -= connection.unasked
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
