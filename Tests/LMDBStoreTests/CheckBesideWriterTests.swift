// A check beside a writer that never rests. It finds no problem, however often the log turns and is
// folded while it looks.

import Accounts
import Foundation
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A check beside a writer")
struct CheckBesideWriterTests {
    /// What the writing process needs.
    struct Site: Codable {
        let path: String
        let line: String

        func ring() throws -> KeyRing {
            try Array(line.utf8).withBytes { bytes throws(KeyFileFault) in
                try KeyRing(text: bytes)
            }
        }

        var isOver: Bool { access(path + "/over", F_OK) == 0 }
    }

    /// A lap of it is some thirty batches: it turns within milliseconds.
    static let logSize = LogSize(
        bytesMin: 64 << 10, bytesMax: 64 << 10, accountsMax: 10_000, accountsPerStep: 16)

    @Test("that appends and folds all the time fails never, and falsely reports nothing")
    func busy() async throws {
        let directory = try TemporaryDirectory()
        let master = MasterKey.generate()
        let site = Site(path: directory.path(of: "state"), line: master.line)
        let people = try (0..<40).map { try Person("person \($0)") }
        let store = try LMDBStore(
            path: site.path, ring: KeyRing(current: master), at: Clock.start,
            mapBytes: Subject.mapBytes, logSize: Self.logSize)
        _ = try store.apply(people.map { $0.bring(at: Clock.start).change(in: store) })
        store.close()

        async let writer: Void = Self.write(site)
        let checks = try Self.check(site, KeyRing(current: master))
        await writer
        print("a check beside a writer: \(checks)")
        #expect(checks.problems == [])
        #expect(checks.events > 2 * 40, "the writer did nothing meanwhile")
    }

    private static func write(_ site: Site) async {
        await #expect(processExitsWith: .success) { [site = site as Site] in
            let ring = try site.ring()
            let people = try (0..<40).map { try Person("person \($0)") }
            let store = try patiently { () throws(OpeningRefusal) in
                try LMDBStore(
                    path: site.path, ring: ring, at: Clock.start, mapBytes: Subject.mapBytes,
                    logSize: CheckBesideWriterTests.logSize)
            }
            for round in 1..<5_000 where !site.isOver {
                let now = Clock.after(Int64(round) * 30)
                for start in stride(from: 0, to: people.count, by: 4) {
                    let changes = people[start..<(start + 4)].map {
                        $0.verify(at: now).change(in: store)
                    }
                    _ = try store.apply(changes)
                }
            }
            store.close()
        }
    }

    struct Checks {
        var count = 0
        var events = 0
        var problems: [String] = []
    }

    private static func check(_ site: Site, _ ring: KeyRing) throws -> Checks {
        var checks = Checks()
        while checks.count < 40 {
            let reader = try LMDBStoreReader(path: site.path, ring: ring)
            do {
                let report = try reader.check()
                checks.problems += report.problems
                checks.events = report.events
                if report.accounts != 40 { checks.problems.append("\(report.accounts) accounts") }
            } catch {
                checks.problems.append("\(error)")
            }
            reader.close()
            // The writer needs a while to begin.
            if checks.events > 40 || !checks.problems.isEmpty { checks.count += 1 }
        }
        _ = FileManager.default.createFile(atPath: site.path + "/over", contents: nil)
        return checks
    }
}
