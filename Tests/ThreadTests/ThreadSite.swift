// A whole server in this process: event loop, writer lane, fold, background work and the pool of
// slow hashes, over LMDB, with a log so small that it turns and is folded all the time.

import Accounts
import Configuration
import DaemonHarness
import Foundation
import LMDBStore
import Scratch
import Secrets
import Server
import Store
import Synchronization
import Testing
import Wire

final class ThreadSite: Sendable {
    let directory: TemporaryDirectory
    let complaints = Complaints()
    private let clock = SteppedClock()
    private let ring = KeyRing(current: .generate())
    private let store: LMDBStore
    private let server: Server

    private static let logSize = LogSize(
        bytesMin: 1 << 20, bytesMax: 2 << 20, accountsMax: 60, accountsPerStep: 16)

    init() throws {
        directory = try TemporaryDirectory(isInMemory: true)
        let (state, ring) = (directory.path(of: "state"), ring)
        store = try LMDBStore(
            path: state, ring: ring, at: clock.now, mapBytes: 64 << 20, logSize: Self.logSize)
        server = try Server.start(
            version: "test", store: store, configuration: .standard,
            clock: { [clock] in clock.now },
            warn: complaints.add, failed: { [complaints] in complaints.add("\($0)") })
        keepEvents()
        guard let app = AppName("default") else { throw HarnessFault("no app") }
        let doors = [("app", Listener.Door.app(app, namesake: nil)), ("admin", .admins)]
        for (name, door) in doors {
            let descriptor = try ListeningSocket.bind(path: path(of: name), mode: 0o600)
            try server.listen(on: [Listener(descriptor: descriptor, door: door)])
        }
    }

    private func path(of socket: String) -> String { directory.path(of: "\(socket).sock") }

    func connect() throws -> LineConnection { try LineConnection(path: path(of: "app")) }
    func connectAsAdmin() throws -> LineConnection { try LineConnection(path: path(of: "admin")) }

    var now: Instant { clock.now }

    /// So that everybody has a code that was not used.
    func passTime(seconds: Int64) { clock.pass(seconds: seconds) }

    /// As a reload does: configuration and retention anew, while everybody asks.
    func reload() {
        server.use(.standard)
        keepEvents()
    }

    private func keepEvents() {
        store.keepEvents(for: .days(400), atMost: 1 << 30) { [clock] in clock.now }
    }

    /// Ends it, and opens every record of what it leaves.
    func finish() throws {
        server.drain()
        store.close()
        #expect(complaints.all == [])
        let reader = try LMDBStoreReader(path: directory.path(of: "state"), ring: ring)
        defer { reader.close() }
        #expect(try reader.check().problems == [])
    }
}

/// What the server had to complain of.
final class Complaints: @unchecked Sendable {
    // Unchecked, because `texts` are used under the lock alone.
    private let lock = NSLock()
    private var texts: [String] = []

    func add(_ text: String) { lock.withLock { texts.append(text) } }
    var all: [String] { lock.withLock { texts } }
}

/// A clock that stands until a test moves it, whoever looks.
private final class SteppedClock: Sendable {
    private let milliseconds = Atomic<Int64>(1_767_225_600_000)

    var now: Instant { Instant(milliseconds: milliseconds.load(ordering: .relaxed)) }

    func pass(seconds: Int64) { milliseconds.add(seconds * 1000, ordering: .relaxed) }
}
