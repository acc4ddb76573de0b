// The engines as one argument of a test. After each test the store is checked, closed, opened and
// checked again.

import Accounts
import Glibc
import LMDBStore
import Secrets
import Store
import StoreWorkload
import Testing

enum Engine: CaseIterable, Sendable {
    case memory
    case lmdb

    /// Lends a new store to `body`, and checks it afterwards.
    func run(_ body: (Subject) throws -> Void) throws {
        let subject = try Subject(self)
        try body(subject)
        try subject.expectSound()
        try subject.reopen()
        try subject.expectSound()
        subject.close()
    }
}

/// A store under test, with what it takes to close it and open it again.
final class Subject {
    let engine: Engine
    let path: String
    private let directory: TemporaryDirectory
    let ring: KeyRing
    private let memory: MemoryStore?
    private let size: LogSize
    private var lmdb: LMDBStore?

    /// Room for any test here, and little enough for Thread Sanitizer's own mappings.
    static let mapBytes = 64 << 20
    /// Room for the largest batch of a test, and folded often.
    static let logSize = LogSize(bytesMin: 512 << 10, bytesMax: 1 << 20, accountsMax: 50)

    /// - Parameter path: where LMDB's state shall be, if not in a temporary directory of its own.
    init(_ engine: Engine, at path: String? = nil, mapBytes: Int = Subject.mapBytes) throws {
        self.engine = engine
        directory = try TemporaryDirectory()
        ring = KeyRing(current: .generate())
        self.path = path ?? directory.path(of: "state")
        memory = engine == .memory ? MemoryStore() : nil
        size = Self.logSize
        try open(mapBytes: mapBytes)
    }

    /// LMDB in a directory that may hold its state already.
    init(
        in directory: TemporaryDirectory, ring: KeyRing, logSize: LogSize = Subject.logSize
    ) throws {
        engine = .lmdb
        size = logSize
        self.directory = directory
        self.ring = ring
        path = directory.path(of: "state")
        memory = nil
        try open()
    }

    var store: any AccountStore {
        if let memory { return memory }
        guard let lmdb else { preconditionFailure("the test uses a store that it has closed") }
        return lmdb
    }

    /// LMDB's, for what only that can do.
    var engineStore: LMDBStore {
        get throws { try #require(lmdb, "the test uses a store that it has closed") }
    }

    func open(mapBytes: Int = Subject.mapBytes) throws {
        guard engine == .lmdb else { return }
        lmdb = try patiently { () throws(OpeningRefusal) in
            try LMDBStore(
                path: path, ring: ring, at: Clock.start, mapBytes: mapBytes, logSize: size)
        }
    }

    /// Memory has nothing to close, and keeps what it holds.
    func close() {
        lmdb?.close()
        // The lock on the directory goes with the last reference.
        lmdb = nil
    }

    func reopen(mapBytes: Int = Subject.mapBytes) throws {
        close()
        try open(mapBytes: mapBytes)
    }

    /// The events so far. LMDB's are read from the disk, with the store closed meanwhile.
    func events() throws -> [Event] {
        try eventBlocks().flatMap(\.events)
    }

    /// The records that hold them.
    func eventBlocks() throws -> [EventBlock] {
        if let memory { return try memory.eventBlocks() }
        let blocks = try inside { try $0.eventBlocks() }
        try open()
        return blocks
    }

    /// Closes the store and lends what lies on the disk. A process may open LMDB's file only once.
    func inside<Result>(_ body: (Inside) throws -> Result) throws -> Result {
        close()
        let inside = try Inside(path: path, ring: ring)
        defer { inside.close() }
        return try body(inside)
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let problems = try store.check().problems
        #expect(problems == [], sourceLocation: sourceLocation)
    }

    // MARK: Asking

    @discardableResult
    func ask(_ requests: [Request]) throws -> [String] {
        try results(requests).map(\.brief)
    }

    @discardableResult
    func ask(_ requests: Request...) throws -> [String] {
        try ask(requests)
    }

    func results(_ requests: [Request]) throws -> [ChangeResult] {
        try store.apply(requests.map { $0.change(in: store) })
    }

    /// The whole account as the store has it.
    func account(_ person: Person) throws -> Account {
        try #require(try store.accounts(of: [person.name])[0], "it does not open")
    }
}

/// Opens a store whose lock was let go a moment ago.
///
/// A test elsewhere may be spawning a process just now: between fork(2) and execve(2) the child has
/// a copy of every descriptor, and so of the lock.
func patiently<Store>(
    _ open: () throws(OpeningRefusal) -> Store
) throws(OpeningRefusal) -> Store {
    for _ in 0..<100_000 {
        do {
            return try open()
        } catch .directory(_, .inUse) {
            sched_yield()
        }
    }
    return try open()
}
