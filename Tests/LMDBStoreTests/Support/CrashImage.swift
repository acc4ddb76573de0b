// A store with a small log, and copies of its files while it is open: what a crash at that moment
// would leave. Copy only while nothing is folded.

import Accounts
import Foundation
import Glibc
import Patience
import Scratch
import Secrets
import Store
import StoreHarness
import StoreWorkload
import Testing

@testable import LMDBStore

/// Files of a state directory that a test may damage, lose or mix before it opens them.
struct CrashImage {
    static let logs = ["log.0", "log.1"]
    static let all = logs + ["data.mdb"]

    let directory: TemporaryDirectory
    let size: LogSize
    let ring: KeyRing
    var path: String { directory.path(of: "state") }

    init(of path: String, size: LogSize, ring: KeyRing) throws {
        directory = try TemporaryDirectory()
        (self.size, self.ring) = (size, ring)
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        for name in Self.all { try take(name, from: path) }
    }

    func copy() throws -> CrashImage { try CrashImage(of: path, size: size, ring: ring) }

    /// Puts another directory's file in the place of this one's.
    func take(_ name: String, from other: String) throws {
        try lose(name)
        try FileManager.default.copyItem(atPath: "\(other)/\(name)", toPath: "\(path)/\(name)")
    }

    func lose(_ name: String) throws {
        guard FileManager.default.fileExists(atPath: "\(path)/\(name)") else { return }
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
    }

    func put(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    }

    // MARK: Frames

    struct Place: Equatable {
        let file: String
        let offset: Int
        let length: Int
        let sequence: UInt64
        var footprint: Int { LogFrame.footprint(length) }
    }

    /// Everything that looks like a frame, whole or not, by its header.
    func frames() throws -> [Place] {
        try Self.logs.flatMap { file in
            try bytes(file).withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count, by: LogSegment.sectorBytes).compactMap { offset in
                    LogFrameHeader(UnsafeRawBufferPointer(rebasing: bytes[offset...])).map {
                        Place(
                            file: file, offset: offset, length: $0.length, sequence: $0.sequence)
                    }
                }
            }
        }.sorted { $0.sequence < $1.sequence }
    }

    /// Overwrites a part of a file with zeros.
    func clear(_ file: String, _ range: Range<Int>) throws {
        var damaged = try bytes(file)
        damaged.replaceSubrange(range, with: repeatElement(0, count: range.count))
        try put(damaged, file)
    }

    // MARK: Opening

    func open(at now: Instant = Clock.start) throws(OpeningRefusal) -> LMDBStore {
        try patiently { () throws(OpeningRefusal) in
            try LMDBStore(
                path: path, ring: ring, at: now, mapBytes: Subject.mapBytes, logSize: size)
        }
    }

    /// Why it does not open, or `opens`.
    func refusal() -> String {
        do throws(OpeningRefusal) {
            try open().close()
            return "opens"
        } catch {
            return error.description
        }
    }

    /// What a crash leaves of it after it was opened and has kept so many frames more.
    func continued(frames: Int) throws -> CrashImage {
        let store = try open()
        defer { store.close() }
        for number in 0..<frames {
            let person = try Person("newcomer \(number)")
            let results = try store.apply([person.bring(at: Clock.start).change(in: store)])
            #expect(results.map(\.brief) == ["ok"])
        }
        return try copy()
    }

    /// Opens it and closes it: nothing is left in the log.
    func closed() throws {
        let store = try open()
        #expect(store.close() == nil)
    }

    /// Opens it, expects exactly these people and a clean check, twice, and closes it.
    func expect(people: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for _ in 0..<2 {
            let store = try open()
            #expect(try LoggedStore.kept(in: store) == people, sourceLocation: sourceLocation)
            let report = try store.check()
            #expect(report.problems == [], sourceLocation: sourceLocation)
            #expect(report.accounts == people, sourceLocation: sourceLocation)
            #expect(report.events == people, sourceLocation: sourceLocation)
            let apps = try store.apps(after: nil, atMost: 10).apps
            #expect(apps.map(\.accounts) == [people].filter { $0 > 0 })
            #expect(store.counting == nil, "the log has the numbers as well")
            #expect(store.close() == nil, sourceLocation: sourceLocation)
        }
    }
}

/// An open store that takes people in, a batch for each or for several.
final class LoggedStore {
    let directory: TemporaryDirectory
    let size: LogSize
    let ring = KeyRing(current: .generate())
    let store: LMDBStore
    private(set) var people = 0
    private static let peopleMax = 400

    /// - Parameter sectors: of a segment at first.
    init(sectors: Int, growingTo sectorsMax: Int? = nil, accountsPerStep: Int = 3) throws {
        directory = try TemporaryDirectory()
        size = LogSize(
            bytesMin: 512 * sectors, bytesMax: 512 * (sectorsMax ?? sectors), accountsMax: 1000,
            accountsPerStep: accountsPerStep)
        store = try LMDBStore(
            path: directory.path(of: "state"), ring: ring, at: Clock.start,
            mapBytes: Subject.mapBytes, logSize: size)
    }

    /// Takes in `count` people more, in one batch. Alone, each is a frame of the same size.
    func admit(_ count: Int = 1) throws {
        let batch = try (people..<(people + count)).map {
            try Self.person($0).bring(at: Clock.start)
        }
        let results = try store.apply(batch.map { $0.change(in: store) })
        #expect(results.allSatisfy { $0.brief == "ok" })
        people += count
    }

    /// Takes in one more, in a frame that nobody flushes.
    func admitInFlight() throws {
        let change = try Self.person(people).bring(at: Clock.start).change(in: store)
        #expect(try store.decide([change]).map(\.brief) == ["ok"])
        people += 1
    }

    private static func person(_ number: Int) throws -> Person {
        try Person("person \(1000 + number)")
    }

    /// How many are there; none behind the first that is not.
    static func kept(in store: LMDBStore) throws -> Int {
        let names = try (0..<peopleMax).map { try person($0).name }
        let isThere = try store.accounts(of: names).map { $0?.factor != nil }
        let count = isThere.firstIndex(of: false) ?? peopleMax
        #expect(isThere[count...].allSatisfy { !$0 }, "somebody is there, but not all before")
        return count
    }

    func image() throws -> CrashImage {
        try CrashImage(of: directory.path(of: "state"), size: size, ring: ring)
    }

    /// Keeps the fold thread waiting meanwhile: nothing reaches LMDB.
    func unfolded<Result>(_ body: () throws -> Result) throws -> Result {
        try store.environment.write { _ in (try body(), isCommitted: false) }
    }

    /// Waits until everything up to a lap's end behind `sequence` is in LMDB.
    func waitForFold(past sequence: UInt64) throws -> LogMark {
        try found("the end of a fold") {
            let mark = try #require(
                try store.environment.read {
                    try Meta.mark($0, store.tables, store.keys.seal)
                })
            return mark.folded.sequence > sequence ? mark : nil
        }
    }
}
