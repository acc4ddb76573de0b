// Thousands of clients of the real daemon at once, all of them sending before any of them reads:
// ten thousand in the long proof. Each gets its own answers, none gets `busy`, and the daemon stays
// small.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("A crowd", .serialized, .waits)
struct CrowdTests {
    private let daemon: DaemonProcess
    private static let hello = #"{"op":"hello"}"#
    private static let connections = Rounds.size(2_000, proof: 10_000)
    /// Twice what the crowd was seen to take, and far below what a leak or a copy for each
    /// connection of the longest line (16 KiB) would.
    private static let peakKilobytesMax = 256 << 10

    init() throws {
        try raiseDescriptors()
        daemon = try DaemonProcess.ready()
    }

    @Test("10,240 connections are served, one more is told so and closed, and its place can be had")
    func tooMany() throws {
        var clients = try (0..<10_240).map { _ in try daemon.connect() }
        for client in clients { try client.send(Self.hello) }
        #expect(try clients.map { try $0.reply() }.tally == ["ok": 10_240])

        let extra = try daemon.connect()
        #expect(try extra.reply().brief == "busy")
        #expect(try extra.receive() == nil)
        #expect(try daemon.askAsAdmin(Self.hello).ok, "admins have places of their own")

        clients.removeLast()
        try untilAdmitted()
        for client in clients { try client.send(Self.hello) }
        #expect(try clients.map { try $0.reply() }.tally == ["ok": 10_239])
    }

    /// Connects until it is let in: the daemon hears of a hang-up when it hears of it.
    private func untilAdmitted() throws {
        let deadline = Deadline.usual
        while try !isAdmitted() {
            guard !deadline.hasPassed else { throw HarnessFault("the place is never free") }
        }
    }

    /// Whoever is refused may be closed on before the hello is sent.
    private func isAdmitted() throws -> Bool {
        let client = try daemon.connect()
        do {
            try client.send(Self.hello)
        } catch let fault as HarnessFault where fault.errorNumber == EPIPE {
            return false
        }
        return try client.reply().brief == "ok"
    }

    @Test("is answered, in order, without `busy`, and in bounded memory")
    func answered() throws {
        let each = 8
        let clients = try (0..<Self.connections).map { _ in try daemon.connect() }
        for (user, client) in clients.enumerated() {
            let lines = (0..<each).map { #"{"op":"cancel","user":"u\#(user)","id":\#($0)}"# + "\n" }
            try client.send(bytes: Array(lines.joined().utf8))
        }
        for client in clients {
            let replies = try (0..<each).map { _ in try client.receive() }
            let expected = (0..<each).map { #"{"id":\#($0),"ok":false,"error":"no_enrollment"}"# }
            #expect(replies == expected)
        }
        // The most that was ever resident bounds the most that was ever its own.
        let (peak, own) = try (kilobytes("VmHWM"), kilobytes("RssAnon"))
        print("a crowd of \(Self.connections): VmHWM \(peak) kB, RssAnon \(own) kB")
        #expect(peak < Self.peakKilobytesMax)
    }

    /// Each sends as much as is taken and reads nothing. Then all of them hang up at once, and what
    /// they had sent by then must not be held for them either.
    @Test("of 1,000 that floods and reads nothing is held in bounded memory")
    func unread() throws {
        var clients = try (0..<1_000).map { _ in try daemon.connect() }
        let admin = try daemon.connectAsAdmin()
        let lines = Array(String(repeating: Self.hello + "\n", count: 20_000).utf8)
        for client in clients { _ = try client.sendNow(lines[...]) }
        // Until no more is answered: their sockets are full.
        var answered = try hellos(admin)
        for _ in 0..<10_000 {
            let now = try hellos(admin)
            guard now > answered else { break }
            answered = now
        }
        clients = []
        let deadline = Deadline.usual
        while try !stats(admin).contains(#""connections":{"apps":0,"#) {
            guard !deadline.hasPassed else { throw HarnessFault("they are never gone") }
        }
        let peak = try kilobytes("VmHWM")
        print("a crowd that does not read: \(answered) lines, VmHWM \(peak) kB")
        #expect(peak < Self.peakKilobytesMax)
    }

    /// An admin's line waits for a pass over the sockets, 2,048 lines, before it is read, and for
    /// another before the answer leaves. First come, first served would make it wait for four
    /// lines of each of the others, too: 20,000 of 5,000.
    /// So few are daily that four lines of each are still twice what the test allows.
    @Test("with many lines each leaves an admin a turn, whatever waits")
    func turns() throws {
        let (count, each) = (Rounds.size(3_000, proof: 5_000), Rounds.size(12, proof: 40))
        let pass = 2_048
        let clients = try (0..<count).map { _ in try daemon.connect() }
        let admin = try daemon.connectAsAdmin()
        let lines = Array(String(repeating: Self.hello + "\n", count: each).utf8)
        for client in clients { try client.send(bytes: lines) }
        var between: [Int] = []
        var answered = try hellos(admin)
        let deadline = Deadline(seconds: 120)
        while answered < count * each {
            let now = try hellos(admin)
            between.append(now - answered)
            answered = now
            guard !deadline.hasPassed else { throw HarnessFault("\(answered) were answered only") }
        }
        let most = between.max() ?? 0
        print("a crowd that waits: \(between.count) looks, \(most) lines at most between two")
        #expect(most <= 3 * pass)
    }

    private func stats(_ admin: LineConnection) throws -> String {
        try admin.send(#"{"op":"stats"}"#)
        return try #require(try admin.receive())
    }

    private func hellos(_ admin: LineConnection) throws -> Int {
        let found = try stats(admin).firstMatch(of: /"hello":\{"ok":(\d+)/)
        return found.flatMap { Int($0.1) } ?? 0
    }

    private func kilobytes(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(daemon.pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return try #require(line?.split(separator: " ").compactMap { Int($0) }.first)
    }
}

/// Ten thousand connections need as many descriptors in the test's own process.
private func raiseDescriptors() throws {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
        throw HarnessFault.call("getrlimit")
    }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 16_384))
    guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
        throw HarnessFault.call("setrlimit")
    }
}
