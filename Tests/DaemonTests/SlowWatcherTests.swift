// Watchers of the real daemon that do not read: they are let go with a line that tells where to go
// on, nobody else waits for them, and from there on they hear every event once.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("A slow watcher of the real daemon", .serialized, .waits)
struct SlowWatcherTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    /// More than a watcher may fall back by, and what its socket holds: 100,000 and some thousands.
    private static let eventsMax = 300_000

    private func stats() throws -> String {
        let admin = try daemon.connectAsAdmin()
        try admin.send(#"{"op":"stats"}"#)
        return try #require(try admin.receive())
    }

    private static func number(_ name: String, in line: String) -> Int? {
        guard let start = line.range(of: #""\#(name)":"#)?.upperBound else { return nil }
        return Int(line[start...].prefix { $0.isNumber })
    }

    /// The numbers of the events at the beginning of these lines, and the first line that is none.
    private static func sequences(
        _ lines: some Sequence<String>
    ) throws -> (events: [Int], last: String?) {
        var events: [Int] = []
        for line in lines {
            guard line.hasPrefix(#"{"event":{"seq":"#) else { return (events, line) }
            // Near the beginning of the line, which is long.
            events.append(try #require(number("seq", in: String(line.prefix(40)))))
        }
        return (events, nil)
    }

    private func watch(after cursor: Int) throws -> LineConnection {
        let watcher = try daemon.connectAsAdmin()
        #expect(try watcher.ask(#"{"op":"watch","cursor":\#(cursor)}"#).ok)
        return watcher
    }

    /// Has events happen until nobody watches any more, with a person now and then among them, who
    /// must not wait: more people than it takes rounds. An admin asks, whose events are all kept.
    private func happen(_ people: [Person]) throws {
        let admin = try daemon.connectAsAdmin()
        var (count, round) = (0, 0)
        while try !stats().contains(#""watchers":0"#) {
            try #require(count < Self.eventsMax, "nobody was let go")
            for _ in 0..<16 {
                let lines = (0..<512).map {
                    #"{"op":"reset","user":"nobody \#(count + $0)","reason":"a test"}"#
                }
                #expect(try admin.ask(lines).tally == ["not_enrolled": 512])
                count += 512
            }
            let person = people[round]
            #expect(try daemon.ask(person.verifying(person.code())).ok)
            round += 1
        }
    }

    @Test("is let go, hurts nobody, and resumes without a gap or a double")
    func slow() throws {
        let people = try Person.many(40, "person")
        try daemon.admit(people)
        let slow = try watch(after: 0)
        let tool = try Child(
            Program.path("totpctl"),
            ["watch", "--cursor", "0", "--json", "--socket", daemon.adminSocket],
            environment: Program.environment())
        while try !stats().contains(#""watchers":2"#) {}
        try tool.freeze()
        try happen(people)

        // What a slow one still reads ends where the last line says.
        var lines: [String] = []
        while let line = try slow.receive() { lines.append(line) }
        let heard = try Self.sequences(lines)
        let last = try #require(heard.last)
        #expect(last.hasPrefix(#"{"ok":false,"error":"too_slow","cursor":"#), "\(last)")
        let cursor = try #require(Self.number("cursor", in: last))
        #expect(heard.events == Array(1...cursor) && lines.count == cursor + 1)

        // From there on it hears the rest, up to its own coming back, though it is far behind.
        let again = try watch(after: cursor)
        let newest = try #require(Self.number("last_event", in: stats()))
        #expect(newest - cursor > 90_000, "\(cursor) of \(newest)")
        let rest = try (cursor..<newest).map { _ in try #require(try again.receive()) }
        #expect(try Self.sequences(rest).events == Array((cursor + 1)...newest))
        try expectTold(tool)
        #expect(try daemon.check().ending == .exited(0))
    }

    /// totpctl was let go as well, and says from which event to go on.
    private func expectTold(_ tool: Child) throws {
        tool.signal(SIGCONT)
        #expect(try tool.wait() == .exited(2))
        #expect(tool.complaints.contains("totpctl: too_slow"), "\(tool.complaints)")
        let cursor = try #require(ControlLookTests.cursor(tool.complaints).flatMap { Int($0) })
        let lines = tool.printed.split(separator: "\n").map(String.init)
        // The first says that it watches.
        #expect(try Self.sequences(lines.dropFirst()).events == Array(1...cursor))
        let more = try watch(after: cursor)
        let next = try #require(try more.receive())
        #expect(try Self.sequences([next]).events == [cursor + 1])
    }

    /// What it still reads: so many events, and the last line that is none.
    private static func rest(_ watcher: LineConnection) throws -> (events: Int, last: String?) {
        var lines: [String] = []
        while let line = try watcher.receive() { lines.append(line) }
        let heard = try sequences(lines)
        #expect(heard.events == Array(1...heard.events.count))
        return (heard.events.count, heard.last)
    }

    @Test(
        "one that reads nothing is told so after 30 s, and may read that for 30 s more",
        .enabled(if: Rounds.isProof, "takes a minute: make proof"))
    func timeLimits() throws {
        let (slow, gone) = (try watch(after: 0), try watch(after: 0))
        // More than their sockets hold.
        let lines = (0..<8192).map { #"{"op":"verify","user":"nobody \#($0)","code":"123456"}"# }
        #expect(try daemon.connect().ask(lines).tally == ["not_enrolled": 8192])
        let idle = try daemon.connect()
        let started = ContinuousClock.now
        while try stats().contains(#""watchers":2"#) {
            #expect(try !idle.hasLine(Deadline(seconds: 0.5)))
            try #require(ContinuousClock.now - started < .seconds(33))
        }
        let told = try Self.rest(slow)
        #expect(told.last?.hasSuffix(#""error":"too_slow","cursor":\#(told.events)}"#) == true)

        // The other reads nothing of that either.
        while try stats().contains(#""admins":2"#) {
            #expect(try !idle.hasLine(Deadline(seconds: 0.5)))
            try #require(ContinuousClock.now - started < .seconds(66))
        }
        let left = try Self.rest(gone)
        #expect(left.last?.contains("too_slow") != true)
        let again = try watch(after: left.events)
        let next = try #require(try again.receive())
        #expect(try Self.sequences([next]).events == [left.events + 1])
    }
}
