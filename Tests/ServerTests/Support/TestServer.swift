// A server in this process for one test, on sockets in a directory of its own, over a gated store
// in memory; and what tests ask of it.

import Accounts
import Configuration
import Foundation
import OneTimeCodes
import Server
import Store
import Synchronization
import Testing
import Wire

/// The key of the RFCs' test vectors.
let usualSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

final class TestServer {
    let store = GatedStore()
    let server: Server
    let path: String
    let appPath: String
    let otherAppPath: String
    let adminPath: String
    /// Speaks for whom the configuration says.
    let usersPath: String
    /// Fewer than a daemon has, since a test has both ends of each.
    static let appConnectionsMax = 1024
    /// The moment at which it stands still.
    let now = Instant(seconds: 1_767_225_600)
    let faults = Mutexed<[String]>([])
    /// Told on the event loop whenever somebody asks for the time, as each request does.
    let asked = Mutexed<(@Sendable () -> Void)?>(nil)
    private let isDrained = Mutexed(false)

    /// Our own user is called `me` in a configuration, our group `mine`; and there are others.
    static func configuration(_ text: String) throws -> Configuration {
        let (user, group) = (geteuid(), getegid())
        let names = UnixNames(
            uid: { ["me": user, "other": user + 1][$0] },
            gid: { ["mine": group, "theirs": group + 1][$0] })
        return try ConfigurationReader.read(Array(text.utf8), names: names)
    }

    /// - Parameter text: of totpd.toml.
    init(
        _ text: String = "", _ limit: (inout ServerLimits) -> Void = { _ in }
    ) throws {
        var limits = ServerLimits()
        limits.appConnectionsMax = Self.appConnectionsMax
        // The store's doors shut in a thread's face, and that must not be the loop's.
        limits.changesDecidedHereMax = 0
        limit(&limits)
        try Self.allowManyDescriptors()
        path = try ProcessWide.temporaryDirectory()
        appPath = path + "/app"
        otherAppPath = path + "/shop"
        adminPath = path + "/admin"
        usersPath = path + "/users"
        let (faults, now, asked) = (faults, now, asked)
        server = try Server.start(
            version: "test", store: store, configuration: try Self.configuration(text),
            limits: limits,
            clock: {
                asked.value?()
                return now
            },
            warn: { faults.add($0) },
            failed: { faults.add("\($0)") })
        let shop = try #require(AppName("shop"))
        for (path, door) in [
            (appPath, Listener.Door.app(.standard, namesake: nil)),
            (otherAppPath, .app(shop, namesake: nil)), (adminPath, .admins), (usersPath, .apps),
        ] {
            let descriptor = try ProcessWide.bind(path, mode: 0o600)
            try server.listen(on: [Listener(descriptor: descriptor, door: door)])
        }
    }

    deinit {
        store.changes.open()
        store.hashes.open()
        store.checks.open()
        store.looks.open()
        store.eventLooks.open()
        drain()
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Issue.record("\(path) stays behind: \(error)")
        }
    }

    func drain() {
        guard !isDrained.value else { return }
        isDrained.set(true)
        server.drain()
    }

    /// Drains on a thread of its own; `isDone` says when it has returned.
    func drainElsewhere() -> Mutexed<Bool> {
        isDrained.set(true)
        let isDone = Mutexed(false)
        let server = server
        Thread.detachNewThread {
            server.drain()
            isDone.set(true)
        }
        return isDone
    }

    func connect() throws -> Line { try Line(appPath) }
    func connectAsAdmin() throws -> Line { try Line(adminPath) }

    func connect(_ count: Int) throws -> [Line] { try (0..<count).map { _ in try connect() } }

    /// Gives a user the usual secret.
    func enrol(_ user: String) throws {
        let request = #"{"op":"import","user":"\#(user)","secret":"\#(usualSecret)"}"#
        #expect(try connectAsAdmin().ask(request) == #"{"ok":true}"#)
    }

    /// The results of all events of an operation.
    func results(of op: String) throws -> [String] {
        try store.memory.events().filter { $0.label.op == op }.map(\.result)
    }

    /// Nothing went wrong that nobody was told of, and the records are whole.
    func expectSound() throws {
        #expect(try store.check().problems == [])
        #expect(faults.value == [])
    }

    /// The code of a secret, so many steps from now.
    func code(_ base32: String = usualSecret, _ offset: Int64 = 0) throws -> String {
        let secret = try #require(Base32.decode(base32))
        let step = TOTP.step(at: now.seconds, period: 30) + offset
        return TOTP.code(secret: secret, step: step, parameters: .standard).text
    }

    /// Codes of no step near now.
    func wrongCodes(_ count: Int) throws -> [String] {
        let right = try (-2...2).map { try code(usualSecret, $0) }
        let codes = (100_000...).lazy.map { String($0) }.filter { !right.contains($0) }
        return Array(codes.prefix(count))
    }

    /// Two descriptors for each connection, since both ends are here.
    private static func allowManyDescriptors() throws {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        try #require(getrlimit(kind, &limit) == 0)
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 16_384))
        try #require(setrlimit(kind, &limit) == 0)
        try #require(limit.rlim_cur >= 4096, "these tests need 4,096 open files")
    }
}

/// Binding sets the umask of the process for a moment; a directory made just then would get it.
enum ProcessWide {
    private static let turn = Mutex(())

    static func temporaryDirectory() throws -> String {
        let made: String? = turn.withLock { _ in
            var template = Array("\(NSTemporaryDirectory())/totpd-server-XXXXXX".utf8CString)
            let isMade = template.withUnsafeMutableBufferPointer { template in
                template.baseAddress.flatMap { mkdtemp($0) } != nil
            }
            let bytes = template.dropLast().map(UInt8.init(bitPattern:))
            return isMade ? String(decoding: bytes, as: UTF8.self) : nil
        }
        return try #require(made, "no temporary directory can be made")
    }

    static func bind(_ path: String, mode: mode_t) throws -> Int32 {
        let result = turn.withLock { _ in
            Result { () throws(ListeningFault) in
                try ListeningSocket.bind(path: path, mode: mode)
            }
        }
        return try result.get()
    }
}
