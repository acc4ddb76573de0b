// The connections that are open, counted by whom they serve and who holds them. Used on the event
// loop only.

import Accounts
import CLinux
import NIOCore
import Wire

final class ConnectionTable {
    /// Connections of which there may be only so many together.
    enum Kind: Hashable {
        /// Of all apps.
        case apps
        case app(AppName)
        /// Of users who speak for no app.
        case strangers
        case admins
    }

    private(set) var listening: [any Channel] = []
    private let configuration: LiveConfiguration
    private let limits: ServerLimits
    /// Apps that have a socket of their own.
    private var fixedApps: Set<AppName> = []
    private var shares: ConnectionShares
    private var holders: [Kind: Holders] = [:]
    var apps: Int { count(.apps) }
    var admins: Int { count(.admins) }
    /// Connections of each app that has any.
    var byApp: [AppName: Int] {
        holders.reduce(into: [:]) { counts, held in
            if case .app(let app) = held.key, held.value.count > 0 {
                counts[app] = held.value.count
            }
        }
    }
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

    // MARK: Places

    /// Takes a place for a connection of a Unix user, if need be that of another, who has more.
    /// False when there is none.
    func admit(_ caller: Caller, of uid: UInt32) -> Bool {
        let kinds = Self.kinds(caller)
        // Nobody leaves before it is sure that it helps.
        var leaving: [Connection] = []
        for kind in kinds where isFull(kind) {
            if leaving.contains(where: { Self.kinds($0.caller).contains(kind) }) { continue }
            guard let giver = holders[kind]?.giver(to: uid),
                let connection = longestIdle(of: giver, kind)
            else { return false }
            leaving.append(connection)
        }
        for connection in leaving {
            remove(connection)
            connection.giveWay()
        }
        count(kinds, of: uid) { $0.add($1) }
        return true
    }

    /// Whether apps have as many connections as they may, all together or one of them.
    var areAppsFull: Bool {
        holders.keys.contains { kind in
            switch kind {
            case .apps, .app: return isFull(kind)
            case .strangers, .admins: return false
            }
        }
    }

    /// A connection that speaks for several apps counts with each.
    private static func kinds(_ caller: Caller) -> [Kind] {
        switch caller {
        case .app, .apps: return [.apps] + caller.own.map { .app($0) }
        case .nobody: return [.strangers]
        case .admin: return [.admins]
        }
    }

    private func isFull(_ kind: Kind) -> Bool {
        switch kind {
        case .apps: return count(kind) >= limits.appConnectionsMax
        case .app(let app): return count(kind) >= shares.most(app)
        case .strangers: return count(kind) >= ServerPolicy.strangersMax
        case .admins: return count(kind) >= ServerPolicy.adminConnectionsMax
        }
    }

    private func count(_ kind: Kind) -> Int { holders[kind]?.count ?? 0 }

    private func count(
        _ kinds: [Kind], of uid: UInt32, _ change: (inout Holders, UInt32) -> Void
    ) {
        for kind in kinds {
            var some = holders[kind] ?? Holders()
            change(&some, uid)
            holders[kind] = some.count == 0 ? nil : some
        }
    }

    /// One that waits for an answer only when its user has no other. Those of the place are looked
    /// through: it happens once for each connection that a user gets below an even share.
    private func longestIdle(of uid: UInt32, _ kind: Kind) -> Connection? {
        byIdentity.values.lazy
            .filter { $0.peer.uid == uid && Self.kinds($0.caller).contains(kind) }
            .min { ($0.isIdle ? 0 : 1, $0.lastPass) < ($1.isIdle ? 0 : 1, $1.lastPass) }
    }

    /// Another configuration holds: looks again for whom each connection speaks. Those that are one
    /// too many now stay; only new ones are refused.
    func settle() {
        shares = ConnectionShares(
            configuration.now, others: fixedApps, total: limits.appConnectionsMax)
        for connection in byIdentity.values {
            let caller = configuration.caller(connection.speaker)
            guard caller != connection.caller else { continue }
            count(Self.kinds(connection.caller), of: connection.peer.uid) { $0.remove($1) }
            count(Self.kinds(caller), of: connection.peer.uid) { $0.add($1) }
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
        count(Self.kinds(connection.caller), of: connection.peer.uid) { $0.remove($1) }
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
