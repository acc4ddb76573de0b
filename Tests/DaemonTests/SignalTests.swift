// What signals do: SIGTERM ends the daemon after its work, SIGHUP and SIGPIPE do not, and a crash
// shows nothing of its memory.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Signals to the real daemon", .serialized, .waits)
struct SignalTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    @Test("SIGTERM: requests under way are answered, the socket files go, the status is 0")
    func drains() throws {
        // Slow work is under way for long enough: each confirm hashes ten backup codes.
        let clients = try (0..<12).map { _ in try daemon.connect() }
        let people = try clients.enumerated().map { try Person.enrolling("ada \($0)", on: $1) }
        for (person, client) in zip(people, clients) {
            try client.send(person.asking("confirm", person.code()))
        }
        // The first answer shows that the daemon has taken the lines, all of which were there.
        #expect(try clients[0].reply().ok)
        try daemon.running().signal(SIGTERM)
        let rest = try clients.dropFirst().map { try $0.reply() }
        #expect(rest.tally == ["ok": 11])
        for client in clients { #expect(try client.receive() == nil) }
        #expect(try daemon.end() == .exited(0))
        #expect(!FileManager.default.fileExists(atPath: daemon.socket))
        #expect(!FileManager.default.fileExists(atPath: daemon.adminSocket))
        let log = try daemon.log()
        #expect(log.contains("SIGTERM: finishing what is under way") && log.hasSuffix("stopped\n"))

        try daemon.start()
        for person in people {
            #expect(try daemon.ask(person.asking("status")).enrolled == true)
        }
    }

    @Test(
        "SIGTERM while clients who hung up have slow work waiting",
        arguments: 0..<Rounds.number(2, proof: 10))
    func drainsWithoutClients(_ round: Int) throws {
        let people = try (0..<10).map { try Person.enrolling("ada \($0)", on: daemon.connect()) }
        for person in people {
            try daemon.connect().send(person.asking("confirm", person.code()))
        }
        #expect(try daemon.ask(#"{"op":"hello"}"#).ok)
        try daemon.running().signal(round.isMultiple(of: 2) ? SIGTERM : SIGINT)
        let ending = try daemon.end()
        #expect(ending == .exited(0))
        #expect(try daemon.check().ending == .exited(0))
    }

    @Test("SIGTERM while clients are idle, in the middle of a line, or do not read")
    func drainsIdle() throws {
        let idle = try (0..<20).map { _ in try daemon.connect() }
        for client in idle { try client.send(#"{"op":"hello"}"# + "\n{") }
        try daemon.running().signal(SIGTERM)
        #expect(try daemon.end() == .exited(0))
    }

    @Test("SIGHUP and SIGPIPE leave it as it was")
    func harmless() throws {
        for number in [SIGHUP, SIGPIPE, SIGHUP] {
            try daemon.running().signal(number)
            #expect(try daemon.ask(#"{"op":"hello"}"#).ok)
        }
        let isLogged = try daemon.running().read { $0.contains("reloaded") }
        #expect(isLogged)
        #expect(try daemon.stop() == .exited(0))
    }

    @Test(
        "a crash ends it at once, and prints nothing",
        arguments: [SIGILL, SIGABRT, SIGSEGV, SIGTRAP])
    func crash(_ number: Int32) throws {
        try daemon.stop()
        daemon.environment = ["SWIFT_BACKTRACE": "enable=yes,interactive=no,color=no"]
        try daemon.start()
        let before = try daemon.log()
        try daemon.running().signal(number)
        #expect(try daemon.end() == .signalled(number))
        #expect(try daemon.log() == before)
        daemon.environment = [:]
        try daemon.start()
    }
}
