// Damage to the pages of LMDB's file, whatever page it is: it ends no process, concerns the
// accounts on that page, turns nobody into somebody who is not enrolled, and brings no used code
// back.

import Accounts
import Foundation
import SeededRandom
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A damaged page")
struct DamagedPageTests {
    private static let pageBytes = 4096

    /// What becomes of a page, or of two.
    enum Blow: CaseIterable, Sendable {
        case headerBit, placeBit, nodeBit, anyBit, noise, zeros, swap

        func strike(_ file: inout Data, _ page: Int, _ random: inout SeededGenerator) {
            let start = page * pageBytes
            func flip(_ offset: Int, _ random: inout SeededGenerator) {
                file[start + offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            switch self {
            case .headerBit: flip(.random(in: 0..<(page < 2 ? 152 : 16), using: &random), &random)
            case .placeBit: flip(.random(in: 16..<80, using: &random), &random)
            case .nodeBit:
                let node = Int(file[start + 16]) | Int(file[start + 17]) << 8
                flip(min(node + .random(in: 0..<24, using: &random), pageBytes - 1), &random)
            case .anyBit: flip(.random(in: 0..<pageBytes, using: &random), &random)
            case .noise:
                for offset in 0..<pageBytes {
                    file[start + offset] = .random(in: 0...255, using: &random)
                }
            case .zeros:
                file.replaceSubrange(start..<start + pageBytes, with: Data(count: pageBytes))
            case .swap:
                let other = Int.random(in: 0..<file.count / pageBytes, using: &random) * pageBytes
                let (own, others) = (
                    file[start..<start + pageBytes], file[other..<other + pageBytes]
                )
                file.replaceSubrange(start..<start + pageBytes, with: Data(others))
                file.replaceSubrange(other..<other + pageBytes, with: Data(own))
            }
        }

        private var pageBytes: Int { DamagedPageTests.pageBytes }
    }

    @Test("is survived, and hides nobody", arguments: Blow.allCases)
    func anyPage(_ blow: Blow) throws {
        let (subject, people) = try Subject.used(60)
        let file = URL(filePath: subject.path + "/data.mdb")
        let whole = try Data(contentsOf: file)
        var random = SeededGenerator(seed: 7)
        var answers: [String: Int] = [:]
        for page in 0..<whole.count / Self.pageBytes {
            var data = whole
            blow.strike(&data, page, &random)
            try data.write(to: file)
            do {
                try subject.open()
            } catch is OpeningRefusal {
                answers["refused to open", default: 0] += 1
                continue
            }
            defer { subject.close() }
            for answer in try subject.ask(people.map { $0.verify(at: Clock.after(30)) }) {
                answers[answer.hasPrefix("unreadable") ? "unreadable" : answer, default: 0] += 1
            }
            _ = try subject.store.check()
            _ = try subject.engineStore.rotateRecordKey()
        }
        #expect(answers["replayed", default: 0] > 0, "\(answers)")
        let known: Set<String> = ["replayed", "unreadable", "refused to open"]
        #expect(Set(answers.keys).isSubset(of: known), "\(answers)")
        try whole.write(to: file)
    }

    /// The leaves of a table, by the keys on each.
    private func leaves(_ subject: Subject, _ table: Table) throws -> [UInt64: [RecordID]] {
        try subject.inside { inside in
            try inside.environment.read { transaction in
                let tree = try #require(transaction.trees[table])
                var leaves: [UInt64: [RecordID]] = [:]
                for pair in try inside.pairs(table) {
                    let path = try pair.key.withBytes { try tree.path(to: PageKey($0)) }
                    let leaf = try #require(path.last?.page.number)
                    leaves[leaf, default: []].append(pair.key.withBytes { RecordID($0) })
                }
                return leaves
            }
        }
    }

    private func flip(_ subject: Subject, page: UInt64, byte: Int) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: subject.path + "/data.mdb"))
        defer { handle.closeFile() }
        let offset = page * UInt64(Self.pageBytes) + UInt64(byte)
        try handle.seek(toOffset: offset)
        let old = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data([old ^ 1]))
    }

    @Test("concerns the accounts on it, is named by the check, and shows in the figures")
    func itsOwn() throws {
        let (subject, people) = try Subject.used(100)
        let leaves = try leaves(subject, .guards)
        #expect(leaves.count > 2)
        let (page, ids) = try #require(leaves.first)
        try flip(subject, page: page, byte: 13)
        try subject.open()
        let store = try subject.engineStore
        let answers = try subject.ask(people.map { $0.verify(at: Clock.after(30)) })
        for (person, answer) in zip(people, answers) {
            let isThere = ids.contains(store.id(of: person.name))
            #expect(answer == (isThere ? "unreadable: pageDamaged(\(page))" : "replayed"))
        }
        try #expect(store.figures().damagedPages == 1)
        let report = try store.check()
        #expect(report.problems.contains { $0.contains("page \(page) of data.mdb is damaged") })
        // Everybody else goes on, and a start after that as well.
        try subject.reopen()
        let later = try subject.ask(people.map { $0.verify(at: Clock.after(60)) })
        #expect(later.count { $0 == "ok" } == people.count - ids.count)
        subject.close()
    }

    @Test("takes nothing from the log that belongs to it")
    func leftInTheLog() throws {
        let (subject, people) = try Subject.used(100)
        let (page, ids) = try #require(try leaves(subject, .guards).first)
        try subject.open()
        let now = Clock.after(60)
        try #expect(
            subject.ask(people.map { $0.verify(at: now) }).allSatisfy { $0 == "ok" })
        // While it serves: what was answered is in the log alone.
        try flip(subject, page: page, byte: 13)
        for _ in 0..<3 {
            try subject.reopen()
            let answers = try subject.ask(people.map { $0.verify(at: now) })
            #expect(answers.allSatisfy { $0 == "replayed" }, "\(ids.count): \(answers)")
        }
        let next = try subject.ask(people.map { $0.verify(at: Clock.after(90)) })
        #expect(next.allSatisfy { $0 == "ok" }, "\(next)")
        try subject.reopen()
        let again = try subject.ask(people.map { $0.verify(at: Clock.after(90)) })
        #expect(again.allSatisfy { $0 == "replayed" }, "\(again)")
        subject.close()
    }
}
