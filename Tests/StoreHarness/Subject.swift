// A store under test, with what it takes to close it and open it again.

import Accounts
import Glibc
import LMDBStore
import PostgresHarness
import PostgresStore
import Scratch
import Secrets
import Store
import StoreWorkload

package final class Subject {
    package let engine: Engine
    package let path: String
    private let directory: TemporaryDirectory
    package let ring: KeyRing
    private let memory: MemoryStore?
    private let size: LogSize
    private var lmdb: LMDBStore?
    /// Of PostgreSQL, where the store's tables are.
    private let schema: String?
    private var postgres: PostgresStore?

    /// Room for any test here, and little enough for Thread Sanitizer's own mappings.
    package static let mapBytes = 64 << 20
    /// Room for the largest batch of a test, and folded often.
    package static let logSize = LogSize(bytesMin: 512 << 10, bytesMax: 1 << 20, accountsMax: 50)

    /// - Parameter path: where LMDB's state shall be, if not in a temporary directory of its own.
    package init(_ engine: Engine, at path: String? = nil, mapBytes: Int = Subject.mapBytes) throws
    {
        self.engine = engine
        directory = try TemporaryDirectory()
        ring = KeyRing(current: .generate())
        self.path = path ?? directory.path(of: "state")
        memory = engine == .memory ? MemoryStore() : nil
        schema = engine == .postgres ? try Cluster.shared().newSchema() : nil
        size = Self.logSize
        if let schema { try PostgresStore.make(Cluster.shared().conninfo(schema), ring) }
        try open(mapBytes: mapBytes)
    }

    /// LMDB in a directory that may hold its state already.
    package init(
        in directory: TemporaryDirectory, ring: KeyRing, logSize: LogSize = Subject.logSize
    ) throws {
        engine = .lmdb
        size = logSize
        self.directory = directory
        self.ring = ring
        path = directory.path(of: "state")
        (memory, schema) = (nil, nil)
        try open()
    }

    package var store: any AccountStore {
        if let memory { return memory }
        if let postgres { return postgres }
        guard let lmdb else { preconditionFailure("the test uses a store that it has closed") }
        return lmdb
    }

    /// LMDB's, for what only that can do.
    package var engineStore: LMDBStore {
        get throws {
            guard let lmdb else {
                throw StoreHarnessFault("the test uses a store that it has closed")
            }
            return lmdb
        }
    }

    package func open(mapBytes: Int = Subject.mapBytes) throws {
        if let schema {
            postgres = try PostgresStore(
                Cluster.shared().conninfo(schema), DatabaseHost(madeUp: "host"), ring, .oneServer,
                at: Clock.start)
        }
        guard engine == .lmdb else { return }
        lmdb = try patiently { () throws(OpeningRefusal) in
            try LMDBStore(
                path: path, ring: ring, at: Clock.start, mapBytes: mapBytes, logSize: size)
        }
    }

    /// Memory has nothing to close, and keeps what it holds.
    package func close() {
        lmdb?.close()
        // The lock on the directory goes with the last reference.
        lmdb = nil
        postgres = nil
    }

    /// Closes it for good.
    package func end() throws {
        close()
        if let schema { try Cluster.shared().drop(schema) }
    }

    package func reopen(mapBytes: Int = Subject.mapBytes) throws {
        close()
        try open(mapBytes: mapBytes)
    }

    /// The events so far, read by a store that was opened afresh.
    package func events() throws -> [Event] {
        try reopen()
        return try store.allEvents()
    }

    /// Apps and their accounts, in order, and as many as the figures say.
    package func counts(page: Int = 1000) throws -> [String] {
        var counts: [String] = []
        var accounts = 0
        var after: AppName?
        for _ in 0..<10_000 {
            let slice = try store.apps(after: after, atMost: page)
            counts += slice.apps.map { "\($0.name) \($0.accounts)" }
            accounts += slice.apps.reduce(0) { $0 + $1.accounts }
            guard slice.isCut, let last = slice.apps.last else {
                let figures = try store.figures()
                guard figures.apps == counts.count, figures.accounts == accounts else {
                    throw StoreHarnessFault("figures say \(figures), a listing \(counts)")
                }
                return counts
            }
            after = last.name
        }
        throw StoreHarnessFault("a listing of apps without an end")
    }

    package func expectSound() throws {
        let problems = try store.check().problems
        guard problems.isEmpty else { throw StoreHarnessFault("the store: \(problems)") }
    }

    // MARK: Asking

    @discardableResult
    package func ask(_ requests: [Request]) throws -> [String] {
        try results(requests).map(\.brief)
    }

    @discardableResult
    package func ask(_ requests: Request...) throws -> [String] {
        try ask(requests)
    }

    package func results(_ requests: [Request]) throws -> [ChangeResult] {
        try store.apply(requests.map { $0.change(in: store) })
    }

    /// The whole account as the store has it.
    package func account(_ person: Person) throws -> Account {
        guard let account = try store.accounts(of: [person.name])[0] else {
            throw StoreHarnessFault("the account of \(person.name.user) does not open")
        }
        return account
    }
}

/// Opens a store whose lock was let go a moment ago.
///
/// A test elsewhere may be spawning a process just now: between fork(2) and execve(2) the child has
/// a copy of every descriptor, and so of the lock.
package func patiently<Store>(
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
