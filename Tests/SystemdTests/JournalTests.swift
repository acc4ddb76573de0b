// What entries look like on the journal's socket, and that nobody waits for a journal that is full
// or gone. The socket is the test's own.

import Foundation
import Testing

@testable import Systemd

@Suite struct JournalTests {
    private let path = freshPath()
    private let stream: TestSocket
    private let environment: [String: String]

    init() throws {
        stream = try TestSocket()
        var file = stat()
        try checked(fstat(stream.descriptor, &file))
        environment = ["JOURNAL_STREAM": "\(file.st_dev):\(file.st_ino)"]
    }

    private func journal() throws -> Journal {
        try #require(
            try Journal(environment: environment, stderr: stream.descriptor, path: path))
    }

    @Test("is there only where stderr is the journal's")
    func onlyInJournal() throws {
        #expect(try Journal(environment: [:], stderr: stream.descriptor, path: path) == nil)
        let other = try TestSocket()
        #expect(
            try Journal(environment: environment, stderr: other.descriptor, path: path) == nil)
        _ = try journal()
    }

    @Test("an entry is a datagram of fields, a line each")
    func entry() throws {
        let journald = try TestSocket(type: SOCK_DGRAM, boundTo: path)
        let isTaken = try journal().send(
            "reset: ok", level: .notice, fields: [("TOTPD_OP", "reset"), ("TOTPD_RESULT", "ok")])
        #expect(isTaken)
        #expect(
            try journald.receive() == """
                MESSAGE=reset: ok
                PRIORITY=5
                SYSLOG_IDENTIFIER=totpd
                TOTPD_OP=reset
                TOTPD_RESULT=ok

                """)
    }

    @Test(
        "a value cannot begin another field, and is cut",
        arguments: [
            ("a\nPRIORITY=0", "a\\nPRIORITY=0"), ("a\0b", "a\\u{0}b"), ("a=b", "a=b"), ("", ""),
            (
                String(repeating: "a", count: 1_025),
                String(repeating: "a", count: 1_018) + " [cut]"
            ),
            (String(repeating: "a", count: 1_024), String(repeating: "a", count: 1_024)),
        ])
    func values(value: String, written: String) {
        let bytes = Journal.encode([("A", value), ("B", "b")])
        #expect(String(decoding: bytes, as: UTF8.self) == "A=\(written)\nB=b\n")
    }

    @Test("a journal that is gone or takes no more is said, and not waited for")
    func notTaken() throws {
        let journal = try journal()
        #expect(!journal.send("nobody is there", level: .info, fields: []))
        let journald = try TestSocket(type: SOCK_DGRAM, boundTo: path)
        // No kernel's queue is as long as this.
        let isTaken = (0..<100_000).map { _ in journal.send("a", level: .info, fields: []) }
        #expect(isTaken[0] && isTaken.contains(false))
        #expect(try journald.receive().hasPrefix("MESSAGE=a\n"))
        #expect(journal.send("room again", level: .info, fields: []))
    }
}

@Suite struct LineBudgetTests {
    @Test("a burst, then one line for each interval, and a count of the others")
    func bounded() {
        var budget = LineBudget(burst: 3, millisecondsEach: 1_000)
        #expect((0..<3).map { _ in budget.spend(at: 0) } == [0, 0, 0])
        #expect((0..<2).map { _ in budget.spend(at: 999) } == [nil, nil])
        #expect(budget.spend(at: 1_000) == 2)
        #expect(budget.spend(at: 1_999) == nil)
        #expect(budget.spend(at: 2_000) == 1)
    }

    @Test("nothing is saved up beyond the burst, and no clock takes anything away")
    func refill() {
        var budget = LineBudget(burst: 2, millisecondsEach: 10)
        #expect((0..<3).map { _ in budget.spend(at: 5) } == [0, 0, nil])
        #expect((0..<3).map { _ in budget.spend(at: 1_000_000) } == [1, 0, nil])
        #expect(budget.spend(at: 999_000) == nil)
        #expect(budget.spend(at: Int64.max) == 2)
    }

    @Test("what could not be written is counted with what was left out")
    func putBack() {
        var budget = LineBudget(burst: 1, millisecondsEach: 10)
        #expect(budget.spend(at: 0) == 0)
        #expect(budget.spend(at: 1) == nil)
        #expect(budget.spend(at: 10) == 1)
        budget.putBack(1)
        #expect(budget.spend(at: 20) == 2)
    }
}
