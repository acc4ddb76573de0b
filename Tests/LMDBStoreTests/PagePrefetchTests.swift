// The walks that fetch LMDB's pages: they end where a look-up ends, and nothing they meet leads
// them out of the map.

import Glibc
import Scratch
import SeededRandom
import Testing

@testable import LMDBStore

@Suite struct PagePrefetchTests {
    private static let name = Table.guards

    /// Calls `body` with a tree of so many records, and the beginnings of their keys.
    private func withTree(
        of count: Int, _ valueBytes: Int = 105, _ body: (Tree?, [UInt64]) throws -> Void
    ) throws {
        let directory = try TemporaryDirectory()
        let environment = try LMDBEnvironment(
            path: directory.path, mapBytes: 1 << 30, isReadOnly: false)
        defer { environment.close() }
        var random = SeededGenerator(seed: 1)
        let keys = (0..<count).map { _ in random.next() as UInt64 }
        try environment.write { transaction in
            let table = try transaction.open(Self.name, isCreated: true)
            let value = [UInt8](repeating: 7, count: valueBytes)
            for key in keys {
                try withUnsafeBytes(of: (key.bigEndian, UInt64(0))) { key in
                    try value.withUnsafeBytes { try transaction.put(table, key, $0) }
                }
            }
            return ((), isCommitted: true)
        }
        try environment.read { transaction in
            try body(Tree(transaction.trees[Self.name]), keys)
        }
    }

    @Test(arguments: [(20_000, 105, 3), (60_000, 105, 3), (30_000, 1900, 4)])
    func walksEndAtTheirKeys(count: Int, valueBytes: Int, depth: Int) throws {
        try withTree(of: count, valueBytes) { tree, keys in
            let tree = try #require(tree)
            #expect(tree.depth == depth)
            var missed = 0
            let prefetch = PagePrefetch()
            for first in stride(from: 0, to: count, by: 1000) {
                let asked = Array(keys[first..<first + 1000])
                for key in asked { prefetch.ask(for: key) }
                prefetch.fetch(in: tree)
                missed += zip(asked, prefetch.found).count { $0 != $1 }
            }
            #expect(missed == 0)
        }
    }

    @Test func aKeyThatIsNotThereEndsBesideAnotherOne() throws {
        try withTree(of: 20_000) { tree, keys in
            let prefetch = PagePrefetch()
            for key in [0, UInt64.max] { prefetch.ask(for: key) }
            prefetch.fetch(in: tree)
            try #expect(prefetch.found == [#require(keys.min()), #require(keys.max())])
        }
    }

    @Test func anEmptyTableHasNoTree() throws {
        try withTree(of: 0) { tree, _ in #expect(tree == nil) }
    }

    /// Pages full of anything, before a page that must not be touched.
    @Test(arguments: 0..<200)
    func noiseLeadsNobodyOutOfTheMap(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pages = 16
        let bytes = pages * TreePage.bytes
        let memory = mmap(
            nil, bytes + TreePage.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        let map = try #require(memory == MAP_FAILED ? nil : memory)
        defer { munmap(map, bytes + TreePage.bytes) }
        #expect(mprotect(map + bytes, TreePage.bytes, PROT_NONE) == 0)
        for offset in stride(from: 0, to: bytes, by: 8) {
            // Small numbers too: children that are there.
            let word = random.next() as UInt64
            let isSmall = word.isMultiple(of: 2)
            map.storeBytes(
                of: isSmall ? word % UInt64(pages) : word, toByteOffset: offset, as: UInt64.self)
        }
        let place = map + (pages - 1) * TreePage.bytes + 256
        memset(place, 0, TableRecord.bytes)
        place.storeBytes(of: UInt16(3), toByteOffset: 6, as: UInt16.self)
        place.storeBytes(of: 1, toByteOffset: 32, as: UInt64.self)
        place.storeBytes(of: 2 + seed % UInt64(pages - 2), toByteOffset: 40, as: UInt64.self)
        let record = try #require(TableRecord(place, pad: 0, flags: 0, limit: UInt64(pages)))
        let tree = Tree(
            PageTree(
                pages: Pages(base: map, limit: UInt64(pages), bytes: TreePage.bytes),
                record: record))
        let prefetch = PagePrefetch()
        for _ in 0..<100 { prefetch.ask(for: random.next()) }
        prefetch.fetch(in: tree)
        #expect(prefetch.found.count == 100)
    }
}
