// The reader of LMDB's pages: it finds what LMDB has written, calls nothing damaged that LMDB
// wrote, whatever was put and deleted, and each bit it overlooks is one that nobody follows.

import Foundation
import Scratch
import SeededRandom
import Store
import Testing

@testable import LMDBStore

@Suite struct PageTreeTests {
    /// What an environment should hold, and how it comes to that.
    private struct Model {
        /// Of so many keys; with larger values there are more pages, and another level of them.
        let keys: UInt64
        let valueBytes: Range<Int>
        var random: SeededGenerator
        var records: [Table: [[UInt8]: [UInt8]]] = [.guards: [:], .events: [:]]

        mutating func key(_ table: Table) -> [UInt8] {
            let spread = UInt64.random(in: 0..<keys, using: &random) &* 0x9E37_79B9_7F4A_7C15
            let bytes = withUnsafeBytes(of: spread.bigEndian) { Array($0) }
            return table == .events ? bytes : bytes + [UInt8](repeating: 0, count: 8)
        }

        /// Puts and deletes, each key once.
        mutating func change(
            _ tables: Tables, _ transaction: borrowing Transaction, round: Int, isShrinking: Bool
        ) throws {
            var changed: Set<[UInt8]> = []
            for _ in 0..<(Int(keys) / 5) {
                let table: Table = Bool.random(using: &random) ? .guards : .events
                let key = key(table)
                guard changed.insert(key).inserted else { continue }
                if UInt8.random(in: 0..<10, using: &random) < (isShrinking ? 8 : 2) {
                    try key.withBytes { try transaction.delete(tables[table], $0) }
                    records[table]?[key] = nil
                } else {
                    let isLong = UInt8.random(in: 0..<12, using: &random) == 0
                    let count = Int.random(in: isLong ? 1..<12_000 : valueBytes, using: &random)
                    let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* round) }
                    try key.withBytes { key in
                        try value.withBytes { try transaction.put(tables[table], key, $0) }
                    }
                    records[table]?[key] = value
                }
            }
        }

        mutating func expect(_ tables: Tables, _ transaction: borrowing Transaction) throws {
            var report = CheckReport()
            try PageCheck(trees: transaction.trees).run(&report)
            #expect(report.problems == [])
            try transaction.trees.refuseDoubleUse()
            for (table, records) in records {
                var found: [[UInt8]: [UInt8]] = [:]
                try transaction.forEach(tables[table]) { found[Array($0)] = Array($1) }
                #expect(found == records)
                for _ in 0..<40 {
                    let key = key(table)
                    let value = try key.withBytes { key in
                        try transaction.find(tables[table], key).map { Array($0) }
                    }
                    #expect(value == records[key])
                }
            }
        }
    }

    @Test(
        "finds all that was written, and nothing else",
        arguments: 1...UInt64(Rounds.size(2, proof: 6)))
    func soundPages(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        let environment = try LMDBEnvironment(
            path: directory.path, mapBytes: 64 << 20, isReadOnly: false)
        defer { environment.close() }
        let tables = try environment.write { transaction in
            (try Tables(transaction, isCreated: true), isCommitted: true)
        }
        let isHigh = seed % 2 == 0
        var model = Model(
            keys: isHigh ? 1500 : 400, valueBytes: isHigh ? 1000..<2000 : 1..<300,
            random: SeededGenerator(seed: seed))
        var depth = 0
        for round in 0..<Rounds.size(30, proof: 60) {
            try environment.write { transaction in
                try model.change(tables, transaction, round: round, isShrinking: round % 20 > 12)
                return ((), isCommitted: true)
            }
            try environment.read { transaction in
                try model.expect(tables, transaction)
                depth = max(depth, transaction.trees[.guards]?.record.depth ?? 0)
            }
        }
        #expect(depth == (isHigh ? 3 : 2))
    }

    @Test("a value put twice in a transaction keeps its pages, which are read and not given back")
    func shrunkenValue() throws {
        let directory = try TemporaryDirectory()
        let environment = try LMDBEnvironment(
            path: directory.path, mapBytes: 64 << 20, isReadOnly: false)
        defer { environment.close() }
        let key = Inside.key(ofEvent: 1)
        let values = [12_000, 5000].map { [UInt8](repeating: 7, count: $0) }
        let tables = try environment.write { transaction in
            let tables = try Tables(transaction, isCreated: true)
            for value in values {
                try key.withBytes { key in
                    try value.withBytes { try transaction.put(tables.events, key, $0) }
                }
            }
            return (tables, isCommitted: true)
        }
        try environment.read { transaction in
            let found = try key.withBytes { key in
                try transaction.find(tables.events, key).map { Array($0) }
            }
            #expect(found == values[1])
            var report = CheckReport()
            try PageCheck(trees: transaction.trees).run(&report)
            #expect(report.problems == [])
        }
        #expect(throws: LMDBFault.self) {
            try environment.write { transaction in
                try key.withBytes { try transaction.delete(tables.events, $0) }
                return ((), isCommitted: true)
            }
        }
    }

    @Test("visits in both directions from where it is told")
    func directions() throws {
        let directory = try TemporaryDirectory()
        let environment = try LMDBEnvironment(
            path: directory.path, mapBytes: 64 << 20, isReadOnly: false)
        defer { environment.close() }
        let keys = (1...500).map { Inside.key(ofEvent: UInt64($0) * 10) }
        let tables = try environment.write { transaction in
            let tables = try Tables(transaction, isCreated: true)
            for key in keys {
                try key.withBytes { try transaction.append(tables.events, $0, $0) }
            }
            return (tables, isCommitted: true)
        }
        func first(_ start: UInt64, _ direction: ScanDirection) throws -> [UInt64] {
            var found: [UInt64] = []
            try environment.read { transaction in
                try Inside.key(ofEvent: start).withBytes { start in
                    try transaction.scan(tables.events, from: start, direction) { key, _ in
                        found.append(LoggedEvents.sequence(key))
                        return found.count < 3
                    }
                }
            }
            return found
        }
        try #expect(first(0, .forward) == [10, 20, 30])
        try #expect(first(2500, .forward) == [2500, 2510, 2520])
        try #expect(first(2501, .forward) == [2510, 2520, 2530])
        try #expect(first(2501, .forwardFromBefore) == [2500, 2510, 2520])
        try #expect(first(2500, .forwardFromBefore) == [2500, 2510, 2520])
        try #expect(first(5, .forwardFromBefore) == [10, 20, 30])
        try #expect(first(6000, .forwardFromBefore) == [5000])
        try #expect(first(2501, .backward) == [2500, 2490, 2480])
        try #expect(first(2500, .backward) == [2500, 2490, 2480])
        try #expect(first(.max, .backward) == [5000, 4990, 4980])
        try #expect(first(9, .backward) == [])
        try environment.read { transaction in
            try transaction.lastKey(tables.events) { key in
                #expect(key.map(LoggedEvents.sequence) == 5000)
            }
        }
    }
}
