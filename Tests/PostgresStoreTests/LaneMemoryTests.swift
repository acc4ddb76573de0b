// What a host remembers of its lane from one process to the next: a database that has less than was
// acknowledged is found out before anything is decided.

import Accounts
import Foundation
import PostgresHarness
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("A host's memory of its lane")
struct LaneMemoryTests {
    private let hosts: TwoHosts
    private let files: TemporaryDirectory
    private let ada: Person
    private var file: String { files.path(of: "lane") }

    init() throws {
        hosts = try TwoHosts()
        files = try TemporaryDirectory()
        ada = try Person("ada")
    }

    private func start(_ ring: KeyRing? = nil) throws -> PostgresStore {
        try PostgresStore(
            hosts.one.conninfo, DatabaseHost("three", memory: file, clock: nil),
            ring ?? hosts.ring, .oneServer, at: Clock.start)
    }

    private func refusal() -> DatabaseRefusal? {
        #expect(throws: DatabaseRefusal.self) { try start() }
    }

    @Test("lets it go on where it was, and where a batch was kept that nobody was told of")
    func goesOn() throws {
        _ = try start()
        try #expect(hosts.ask(start(), ada.enroll(), ada.confirm()) == ["ok", "ok"])
        let before = try Data(contentsOf: URL(filePath: file))
        for round in 1...3 as ClosedRange<Int64> {
            let verify = ada.verify(at: Clock.after(30 * round))
            try #expect(hosts.ask(start(), verify) == ["ok"])
        }
        #expect(try Data(contentsOf: URL(filePath: file)).count == before.count)
        try before.write(to: URL(filePath: file))
        try #expect(hosts.ask(start(), ada.verify(at: Clock.after(90))) == ["replayed"])
        try hosts.end()
    }

    @Test("keeps it from a database that was put back, is another, or has another history")
    func wentBack() throws {
        try #expect(hosts.ask(start(), ada.enroll(), ada.confirm()) == ["ok", "ok"])
        for table in ["lane", "guard", "factor", "block"] {
            try hosts.direct.run("CREATE TABLE old_\(table) AS SELECT * FROM \(table)")
        }
        let verify = ada.verify(at: Clock.after(30))
        try #expect(hosts.ask(start(), verify) == ["ok"])
        for table in ["lane", "guard", "factor", "block"] {
            try hosts.direct.run("DELETE FROM \(table)")
            try hosts.direct.run("INSERT INTO \(table) SELECT * FROM old_\(table)")
        }
        #expect(
            refusal() == .wentBack("it has kept 2 batches in lane 3, and says 1 in lane 3"))
        // A host that remembers nothing would say yes once more: this is what it is kept from.
        let forgetful = try PostgresStore(
            hosts.one.conninfo, DatabaseHost(madeUp: "three"), hosts.ring, .oneServer,
            at: Clock.start)
        let used = ada.verify(ada.code(at: Clock.after(30)), at: Clock.after(31))
        try #expect(hosts.ask(forgetful, used) == ["ok"])
        // As many batches, and others.
        #expect(
            refusal() == .wentBack("it has kept 2 batches in lane 3, and says 2 in lane 3"))
        try hosts.direct.run("DELETE FROM lane WHERE host = 'three'")
        try hosts.direct.run("DELETE FROM block WHERE lane = 3")
        guard case .wentBack = refusal() else {
            Issue.record("a database without the lane was taken")
            return
        }
        hosts.proxy.close()
        try Cluster.shared().drop(hosts.schema)
    }

    @Test("that is not its own, or cannot be kept, lets nothing begin")
    func unreadable() throws {
        try #expect(hosts.ask(start(), ada.enroll()) == ["ok"])
        var bytes = try Data(contentsOf: URL(filePath: file))
        bytes[40] ^= 1
        try bytes.write(to: URL(filePath: file))
        guard case .memory(let cause) = refusal() else {
            Issue.record("a damaged file was taken")
            return
        }
        #expect(cause.hasPrefix("\(file): "))
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createDirectory(
            atPath: file, withIntermediateDirectories: false)
        guard case .memory = refusal() else {
            Issue.record("a directory was taken for a file")
            return
        }
        try hosts.end()
    }
}
