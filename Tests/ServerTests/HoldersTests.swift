// Who gives a place to whom: by the numbers alone, and as connections that open and close in any
// order. A user with fewer finds a place, and nobody falls below an even share.

import Accounts
import Configuration
import NIOCore
import NIOPosix
import Patience
import SeededRandom
import Store
import Testing
import Wire

@testable import Server

@Suite("Places for connections")
struct HoldersTests {
    private static func holders(_ places: [UInt32: Int]) -> Holders {
        var holders = Holders()
        for (uid, count) in places { for _ in 0..<count { holders.add(uid) } }
        return holders
    }

    @Test("are given by whom has most, and by nobody to whom has as many")
    func giver() {
        #expect(Holders().giver(to: 1) == nil)
        #expect(Self.holders([1: 10]).giver(to: 1) == nil)
        #expect(Self.holders([1: 10]).giver(to: 2) == 1)
        #expect(Self.holders([1: 10, 2: 8]).giver(to: 2) == 1)
        // They would only change roles, and again with the next one.
        #expect(Self.holders([1: 10, 2: 9]).giver(to: 2) == nil)
        #expect(Self.holders([1: 1]).giver(to: 2) == nil)
        #expect(Self.holders([1: 4, 2: 6, 3: 6]).giver(to: 1) == 2)
    }

    /// Connections of ten places, on a loop of their own; the argument makes one for a user.
    private func withPlaces(
        _ text: String = "",
        _ body:
            @escaping @Sendable (ConnectionTable, (UInt32, Caller) -> Connection?) throws -> Void
    ) throws {
        var limits = ServerLimits()
        limits.appConnectionsMax = 10
        let configuration = LiveConfiguration(try TestServer.configuration(text))
        let server = try TestServer()
        let (scheduler, dispatcher) = (server.server.scheduler, server.server.dispatcher)
        let end = limits
        try scheduler.loop.submit {
            let connections = ConnectionTable(configuration, end)
            try body(connections) { uid, caller in
                guard connections.admit(caller, of: uid) else { return nil }
                let connection = Connection(
                    speaker: .admin, caller: caller, peer: Peer(uid: uid, pid: 1),
                    dispatcher: dispatcher, scheduler: scheduler, connections: connections)
                connections.add(connection)
                return connection
            }
        }.wait()
    }

    private static func users(_ connections: ConnectionTable) -> [UInt32: Int] {
        connections.open.reduce(into: [:]) { $0[$1.peer.uid, default: 0] += 1 }
    }

    @Test("one user who has them all makes room for others, up to an even share")
    func evenShare() throws {
        try withPlaces { connections, open in
            for _ in 0..<10 { #expect(open(1, .app(.standard)) != nil) }
            #expect(open(1, .app(.standard)) == nil)
            #expect(connections.areAppsFull)
            for _ in 0..<5 { #expect(open(2, .app(.standard)) != nil) }
            #expect(open(2, .app(.standard)) == nil)
            #expect(Self.users(connections) == [1: 5, 2: 5])
            for _ in 0..<3 { #expect(open(3, .app(.standard)) != nil) }
            #expect(open(3, .app(.standard)) == nil)
            #expect(Self.users(connections).values.sorted() == [3, 3, 4])
            #expect(connections.apps == 10 && connections.areAppsFull)
        }
    }

    @Test("the one that has been idle longest goes, before any that waits for an answer")
    func longestIdle() throws {
        try withPlaces { connections, open in
            let held = (0..<10).compactMap { _ in open(1, .app(.standard)) }
            _ = held[0].writer.queue.reserve()
            // What happened in a later turn is not as long ago.
            for (number, connection) in held.enumerated() {
                connection.lastPass = number == 7 ? 0 : 1 + number
            }
            func isOpen(_ number: Int) -> Bool { connections.open.contains { $0 === held[number] } }
            #expect(open(2, .app(.standard)) != nil)
            #expect(!isOpen(7) && isOpen(0) && isOpen(1))
            #expect(open(2, .app(.standard)) != nil)
            #expect(!isOpen(1) && isOpen(0))
            // With nothing but answers under way, one of these.
            for connection in held { _ = connection.writer.queue.reserve() }
            #expect(open(2, .app(.standard)) != nil)
            #expect(!isOpen(0))
        }
    }

    @Test("of one app are its own, of whom it has; who speaks for two costs nobody a place in vain")
    func ofApps() throws {
        let text = "[app.a]\nconnections_max = 4\n[app.b]\nconnections_max = 2\n[app.default]"
        try withPlaces(text) { connections, open in
            let (a, b) = (AppName("a"), AppName("b"))
            guard let a, let b else { throw Impatience(description: "both are names") }
            for _ in 0..<4 { #expect(open(1, .app(a)) != nil) }
            for _ in 0..<2 { #expect(open(2, .app(b)) != nil) }
            // There is room in all for others, and none for a fifth of this user.
            #expect(open(1, .app(a)) == nil)
            #expect(open(3, .app(.standard)) != nil)
            // User 2 has all of b already.
            #expect(open(2, .apps([a, b])) == nil)
            #expect(Self.users(connections) == [1: 4, 2: 2, 3: 1])
            // A place of each; the two who had most have one less.
            #expect(open(4, .apps([a, b])) != nil)
            #expect(Self.users(connections) == [1: 3, 2: 1, 3: 1, 4: 1])
        }
    }

    @Test("of admins and of strangers are shared alike")
    func others() throws {
        try withPlaces { connections, open in
            for caller in [Caller.admin, .nobody] {
                for _ in 0..<16 { #expect(open(1, caller) != nil) }
                #expect(open(1, caller) == nil)
                #expect(open(2, caller) != nil)
            }
            #expect(!connections.areAppsFull)
        }
    }

    @Test("are never more than there are, and nobody loses one to whom has as many")
    func random() throws {
        try withPlaces { connections, open in
            var generator = SeededGenerator.announced()
            for _ in 0..<5_000 {
                let uid = UInt32.random(in: 1...4, using: &generator)
                let before = Self.users(connections)
                if Bool.random(using: &generator), let one = connections.open.first {
                    connections.remove(one)
                    continue
                }
                let isIn = open(uid, .app(.standard)) != nil
                let after = Self.users(connections)
                #expect(connections.apps == connections.open.count && connections.apps <= 10)
                let most = before.values.max() ?? 0
                let isDue = connections.apps < 10 || most > before[uid, default: 0] + 1
                #expect(isIn || !isDue)
                for (user, number) in before where after[user, default: 0] < number {
                    #expect(after[user, default: 0] >= after[uid, default: 0])
                }
            }
        }
    }
}
