// Keys of the real daemon: which it accepts at a start and at SIGHUP, and how it changes them while
// it runs. It refuses the removal of a key that is needed.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("Keys of the real daemon", .serialized, .waits)
struct KeyChangeTests {
    private let daemon: DaemonProcess
    private let old: String

    init() throws {
        daemon = try DaemonProcess.ready()
        old = try String(contentsOfFile: daemon.keys, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func id(_ line: String) -> String { String(line.split(separator: " ")[1]) }

    /// Writes the key file, and waits for what the daemon says of it.
    private func reload(_ lines: String..., expecting sentence: String) throws {
        try daemon.writeKey(lines.joined(separator: "\n"))
        let isSaid = try says(sentence)
        let log = try daemon.log()
        #expect(isSaid, "\(log)")
    }

    /// Whether the daemon says this after a SIGHUP, on a line of its own.
    private func says(_ sentence: String) throws -> Bool {
        let running = try daemon.running()
        try running.readWhatIsThere()
        let before = running.complaints.count
        running.signal(SIGHUP)
        return try running.read { $0.dropFirst(before).contains(sentence) }
    }

    private func rotate(_ key: String) throws -> Reply {
        try daemon.askAsAdmin(#"{"op":"rotate_key","key":"\#(key)"}"#)
    }

    @Test("a new master key comes in, and the old one goes when it is needed no more")
    func master() throws {
        let ada = try daemon.imported("ada")
        let new = DaemonProcess.keyLine()
        let missing =
            "the store is sealed under master key \(id(old)), which is not in the key file"
        try reload(new, expecting: missing)
        // It goes on with the keys it had, and would not start with these.
        #expect(try rotate("master").keyId == id(old))
        // The same code throughout, for a new step may begin meanwhile.
        let line = ada.verifying(ada.code())
        #expect(try daemon.ask(line).ok)
        try daemon.stop()
        #expect(try daemon.startRefused().sentence.contains(missing))

        try daemon.writeKey(old)
        try daemon.start()
        try reload(new, old, expecting: "reloaded")
        #expect(try rotate("master").keyId == id(new))
        try reload(new, expecting: "reloaded")
        #expect(try daemon.ask(line).error == "replayed")
        try daemon.kill()
        try daemon.start()
        #expect(try daemon.ask(line).error == "replayed")
        #expect(try daemon.check().ending == .exited(0))
        // The old one opens nothing any more.
        try reload(
            old, expecting: "the store is sealed under master key \(id(new)), which is not")
        try daemon.writeKey(old)
        try daemon.kill()
        #expect(try daemon.startRefused().ending == .exited(1))
    }

    @Test("a key file that cannot be read, or says nothing, leaves the keys as they are")
    func unreadable() throws {
        try reload("", expecting: "it holds no key")
        try reload("rubbish", expecting: "line 1: expected 'totpd-master-key-1'")
        try FileManager.default.removeItem(atPath: daemon.keys)
        let isSaid = try says("cannot be opened")
        #expect(isSaid)
        #expect(try rotate("master").keyId == id(old))
    }

    @Test("a record key is changed while requests go on, also across kill -9")
    func record() throws {
        let people = try Person.many(60, "person")
        try daemon.admit(people)
        let first = try rotate("record")
        #expect(first.ok && first.keyId?.count == 8)
        // The same codes throughout, for a new step may begin meanwhile.
        let lines = people.map { $0.verifying($0.code()) }
        let replies = try daemon.connect().ask(lines)
        #expect(replies.tally == ["ok": 60])
        try daemon.kill()
        try daemon.start()
        // The one before comes to its end, and then there may be another.
        var second = try rotate("record")
        for _ in 0..<100_000 where second.error == "busy" { second = try rotate("record") }
        #expect(second.ok && second.keyId != first.keyId)
        try daemon.kill()
        try daemon.start()
        let again = try daemon.connect().ask(lines)
        #expect(again.tally == ["replayed": 60])
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
    }
}
