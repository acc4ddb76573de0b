// Depth 2: the whole server in this process, on Unix sockets in a directory of its own, over LMDB.

import Accounts
import Configuration
import Glibc
import LMDBStore
import Patience
import Scratch
import Secrets
import Server
import Store
import Testing
import Wire

import class DaemonHarness.LineConnection

final class SocketStage: Stage {
    /// A log of the usual size is 32 MiB of zeros, and each dialogue has a store of its own.
    private static let logSize = LogSize(
        bytesMin: 1 << 20, bytesMax: 16 << 20, accountsMax: 10_000)
    private static let apps = ["default", "shop"].compactMap { AppName($0) }

    private let directory: TemporaryDirectory
    private let ring = KeyRing(current: .generate())
    private let clock = ManualClock()
    private let log = Notes()
    private var configuration = Configuration.standard
    private var store: LMDBStore?
    private var server: Server?
    private var connections: [Speaker: LineConnection] = [:]

    init() throws {
        directory = try ProcessWide.run { try TemporaryDirectory() }
        try start()
    }

    deinit {
        // After a failure: `finish` has not run, and threads should not outlive their test.
        stop()
    }

    func set(_ now: Instant) { clock.set(now) }

    func ask(_ line: String, as speaker: Speaker) throws -> String {
        let connection = try connections[speaker] ?? LineConnection(path: path(of: speaker))
        connections[speaker] = connection
        try connection.send(line)
        let reply = try connection.receive()
        return try #require(reply, "the server hung up")
    }

    func configure(_ text: String) throws {
        configuration = try ConfigurationReader.read(Array(text.utf8), names: .none)
        server?.use(configuration)
    }

    func hear(as speaker: Speaker) throws -> String {
        let connection = try #require(connections[speaker], "nobody is there to hear")
        return try #require(try connection.receive(), "the server hung up")
    }

    func restart() throws {
        stop()
        try start()
    }

    func finish() throws {
        stop()
        // A change of record keys may come to its end while the server stops. Then the server is
        // too late to keep the event, and says so.
        let late = "how rotate_key ended (ok) could not be kept as an event"
        #expect(log.all.filter { $0 != late } == [])
        let store = try LMDBStoreReader(path: state, ring: ring)
        defer { store.close() }
        #expect(try store.check().problems == [])
    }

    private var state: String { directory.path(of: "state") }

    private func path(of speaker: Speaker) -> String {
        switch speaker {
        case .app(let name): return directory.path(of: "\(name).sock")
        case .admin, .watcher: return directory.path(of: "admin.sock")
        }
    }

    private func start() throws {
        let store = try ProcessWide.run { try patientlyOpened() }
        self.store = store
        let server = try Server.start(
            version: "test", store: store, configuration: configuration,
            clock: { [clock] in clock.now }, warn: log.add,
            failed: { [log] in log.add("\($0)") })
        self.server = server
        // For longer than any dialogue moves the clock.
        store.keepEvents(for: .days(100_000), atMost: configuration.eventBytesMax) {
            [clock] in clock.now
        }
        let doors =
            Self.apps.map { (Speaker.app($0), Listener.Door.app($0, namesake: nil)) }
            + [(.admin, .admins)]
        for (speaker, door) in doors {
            let path = path(of: speaker)
            let descriptor = try ProcessWide.run {
                try ListeningSocket.bind(path: path, mode: 0o600)
            }
            try server.listen(on: [Listener(descriptor: descriptor, door: door)])
        }
    }

    private func stop() {
        connections = [:]
        server?.drain()
        server = nil
        store?.close()
        store = nil
    }

    /// Between fork(2) and execve(2) the child of another test holds a copy of the store's lock.
    private func patientlyOpened() throws -> LMDBStore {
        try found("the lock of the store") {
            do {
                return try LMDBStore(
                    path: state, ring: ring, at: Player.beginning, mapBytes: 64 << 20,
                    logSize: Self.logSize)
            } catch OpeningRefusal.directory(_, .inUse) {
                return nil
            }
        }
    }
}
