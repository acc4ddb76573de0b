// Too many connections, connections that stand still, that never read, and that go away too early:
// each costs the daemon little, and the others nothing.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Difficult clients of the real daemon", .serialized, .waits)
struct ConnectionTests {
    let daemon: DaemonProcess
    private static let hello = #"{"op":"hello"}"#

    init() throws {
        daemon = try DaemonProcess.ready()
    }

    @Test("16 admins are served, one more is told so, and apps go on")
    func tooManyAdmins() throws {
        let admins = try (0..<16).map { _ in try daemon.connectAsAdmin() }
        #expect(try admins.map { try $0.ask(Self.hello) }.tally == ["ok": 16])
        let extra = try daemon.connectAsAdmin()
        #expect(try extra.reply().brief == "busy")
        #expect(try extra.receive() == nil)
        #expect(try daemon.ask(Self.hello).ok)
    }

    @Test("a client that stops in the middle of a line holds up nobody")
    func halfLine() throws {
        let slow = try (0..<50).map { _ in try daemon.connect() }
        for client in slow { try client.send(bytes: Array(#"{"op":"#.utf8)) }
        let ada = try daemon.imported("ada")
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        for client in slow { try client.send(#""hello"}"#) }
        #expect(try slow.map { try $0.reply() }.tally == ["ok": 50])
    }

    @Test("a client that sends and never reads is not read any more, and its answers stay bounded")
    func neverReads() throws {
        let before = try residentKilobytes()
        let greedy = try (0..<4).map { _ in try daemon.connect() }
        let chunk = Array(String(repeating: Self.hello + "\n", count: 2000).utf8)
        var sent = 0
        for client in greedy {
            // The daemon has stopped reading when nothing more fits for a while.
            while try client.mayWrite(Deadline(seconds: 0.3)) {
                sent += try client.sendNow(chunk[...])
                guard sent < 400 << 20 else { throw HarnessFault("it reads for ever") }
            }
        }
        let after = try residentKilobytes()
        print("never reads: \(sent >> 10) KiB sent, resident \(before) KiB, then \(after) KiB")
        // A mebibyte of answers each, and what is made while the kernel's buffers fill.
        #expect(after - before < 4 * 4096)
        #expect(try daemon.ask(Self.hello).ok)
    }

    @Test("a client that never stops sending lines and reads slowly costs bounded memory")
    func neverStops() throws {
        let before = try residentKilobytes()
        let client = try daemon.connect()
        let lines = [UInt8](repeating: UInt8(ascii: "\n"), count: 65_536)
        let deadline = Deadline(seconds: 3)
        while !deadline.hasPassed {
            _ = try client.sendNow(lines[...])
            while try client.receiveNow() != nil {}
        }
        let after = try residentKilobytes()
        print("never stops: resident \(before) KiB, then \(after) KiB")
        #expect(after - before < 8192)
        #expect(try daemon.ask(Self.hello).ok)
    }

    @Test("a client that hangs up with more lines under way than may be disturbs nobody")
    func hangUpBeyondPipeline() throws {
        var client: LineConnection? = try daemon.connect()
        try client?.send(Array(repeating: Self.hello, count: 1025).joined(separator: "\n"))
        for _ in 0..<1024 { _ = try client?.reply() }
        client = nil
        // A debug build would assert inside NIO, if a reply were written while NIO reads the end.
        #expect(try daemon.ask(Self.hello).ok)
        #expect(try daemon.stop() == .exited(0))
    }

    private func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(daemon.pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return try #require(line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) })
    }

    @Test("T-L7: a client that hangs up before the answer has been charged all the same")
    func hangUp() throws {
        let people = try Person.many(20, "ada")
        try daemon.admit(people)
        for person in people { try daemon.connect().send(person.verifying(person.wrongCode())) }
        let deadline = Deadline.usual
        var failures: [Int?] = []
        repeat {
            failures = try daemon.connectAsAdmin().ask(people.map(\.showing)).map(\.totp?.failures)
        } while failures != Array(repeating: 1, count: 20) && !deadline.hasPassed
        #expect(failures == Array(repeating: 1, count: 20))
    }

    @Test("clients that hang up in the middle of slow work disturb nobody")
    func hangUpInSlowWork() throws {
        for round in 0..<10 {
            let ada = try Person.enrolling("ada \(round)", on: daemon.connect())
            let line = #"{"op":"enroll","user":"bob \#(round)","qr":"png"}"#
            try daemon.connect().send(ada.asking("confirm", ada.code()))
            try daemon.connect().send(line)
        }
        #expect(try daemon.ask(Self.hello).ok)
        #expect(try daemon.stop() == .exited(0))
        #expect(try daemon.check().ending == .exited(0))
    }

    @Test(
        "half a line is closed after 30 s, and a client that reads nothing",
        .enabled(if: Rounds.isProof, "takes 30 s: make proof"))
    func timeLimits() throws {
        let slow = try daemon.connect()
        try slow.send(bytes: [0x7b])
        let greedy = try daemon.connect()
        let chunk = Array(String(repeating: Self.hello + "\n", count: 2000).utf8)
        while try greedy.mayWrite(Deadline(seconds: 0.3)) { _ = try greedy.sendNow(chunk[...]) }
        let started = ContinuousClock.now
        #expect(try slow.receive(Deadline(seconds: 40)) == nil)
        #expect(ContinuousClock.now - started < .seconds(33))
        #expect(throws: HarnessFault.self) {
            while try greedy.mayWrite(Deadline(seconds: 40)) { _ = try greedy.sendNow(chunk[...]) }
        }
        #expect(ContinuousClock.now - started < .seconds(36))
    }
}
