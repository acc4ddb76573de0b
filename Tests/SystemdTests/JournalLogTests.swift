// Reads back what the log writes, line by line, from a socket that keeps writes apart.

import Foundation
import Testing

@testable import Systemd

@Suite struct JournalLogTests {
    /// A packet socket: every write(2) is a message of its own.
    private let (reader, writer): (Int32, Int32)

    init() throws {
        var pair: [Int32] = [0, 0]
        try checked(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &pair))
        (reader, writer) = (pair[0], pair[1])
        try limitWaiting(of: reader)
    }

    @Test(
        "levels are words for people and syslog's numbers for the journal",
        arguments: [
            (LogLevel.error, "error", "<3>"), (.warning, "warning", "<4>"),
            (.notice, "notice", "<5>"),
            (.info, "info", "<6>"), (.debug, "debug", "<7>"),
        ])
    func levels(level: LogLevel, word: String, number: String) throws {
        defer { closeBoth() }
        log(goesToJournal: false).write("disk full", level: level)
        #expect(try nextWrite() == "totpd: \(word): disk full\n")
        log(goesToJournal: true).write("disk full", level: level)
        #expect(try nextWrite() == "\(number)disk full\n")
    }

    @Test("each level's own function writes at that level")
    func functions() throws {
        defer { closeBoth() }
        let log = log(goesToJournal: true)
        log.error("a")
        log.warning("b")
        log.notice("c")
        log.info("d")
        log.debug("e")
        let written = try (0..<5).map { _ in try nextWrite() }
        #expect(written == ["<3>a\n", "<4>b\n", "<5>c\n", "<6>d\n", "<7>e\n"])
    }

    @Test("JOURNAL_STREAM counts if it is this very descriptor")
    func journalStream() throws {
        defer { closeBoth() }
        var file = stat()
        try checked(fstat(writer, &file))
        let rows: [(String?, Bool?, String)] = [
            (nil, nil, "totpd: info: a\n"),
            ("\(file.st_dev):\(file.st_ino)", nil, "<6>a\n"),
            ("\(file.st_dev):\(file.st_ino + 1)", nil, "totpd: info: a\n"),
            ("\(file.st_dev):\(file.st_ino)", false, "totpd: info: a\n"),
            ("", nil, "totpd: info: a\n"),
            ("nonsense", true, "<6>a\n"),
        ]
        for (stream, goesToJournal, line) in rows {
            var environment: [String: String] = [:]
            environment["JOURNAL_STREAM"] = stream
            JournalLog(
                environment: environment, descriptor: writer, goesToJournal: goesToJournal
            ).info("a")
            #expect(try nextWrite() == line)
        }
    }

    @Test(
        "control and formatting characters are escaped, other letters are not",
        arguments: [
            ("a\nb", "a\\nb"), ("a\r\nb", "a\\r\\nb"), ("\t", "\\t"), ("\0", "\\u{0}"),
            ("\u{1B}[31m", "\\u{1b}[31m"), ("\u{7F}", "\\u{7f}"), ("\u{85}", "\\u{85}"),
            ("\u{2028}", "\\u{2028}"), ("\u{202E}", "\\u{202e}"), ("é ✓ \\ \"", "é ✓ \\ \""),
            ("<0>forged", "<0>forged"), ("", ""),
        ])
    func escapes(message: String, written: String) throws {
        defer { closeBoth() }
        log(goesToJournal: true).info(message)
        #expect(try nextWrite() == "<6>\(written)\n")
    }

    @Test("the longest line is whole, one byte more is cut and says so")
    func cut() throws {
        defer { closeBoth() }
        let log = log(goesToJournal: true)
        let longest = String(repeating: "a", count: 4_092)
        log.info(longest)
        #expect(try nextWrite() == "<6>\(longest)\n")
        log.info(longest + "b")
        #expect(try nextWrite() == "<6>\(longest.dropLast(6)) [cut]\n")
    }

    @Test("no letter and no escape is cut in two", arguments: ["é", "✓", "\n", "\u{1B}"])
    func cutBetween(letter: String) throws {
        defer { closeBoth() }
        let log = log(goesToJournal: true)
        log.info(letter)
        let piece = try nextWrite().dropFirst(3).dropLast()
        for shift in 0..<6 {
            let start = String(repeating: "-", count: shift)
            log.info(start + String(repeating: letter, count: 9_000))
            let line = try nextWrite()
            #expect(line.utf8.count <= JournalLog.lineBytesMax)
            #expect(line.utf8.count > JournalLog.lineBytesMax - 8)
            let pieces = line.dropFirst(3 + shift).dropLast(" [cut]\n".count)
            #expect(pieces.replacing(piece, with: "").isEmpty)
        }
    }

    @Test("a log that takes nothing more is no reason to end")
    func fullDisk() throws {
        defer { closeBoth() }
        let full = try checked(open("/dev/full", O_WRONLY))
        defer { close(full) }
        #expect(!JournalLog(environment: [:], descriptor: full).write("lost", level: .error))
    }

    private func log(goesToJournal: Bool) -> JournalLog {
        JournalLog(environment: [:], descriptor: writer, goesToJournal: goesToJournal)
    }

    private func nextWrite() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 8_192)
        let count = try checked(read(reader, &buffer, buffer.count))
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    private func closeBoth() {
        close(reader)
        close(writer)
    }
}
