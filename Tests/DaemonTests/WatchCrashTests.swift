// kill -9 while somebody watches: what was told is on the disk, and whoever comes back behind the
// last whole line hears all the rest, once. An event that was told and then lost would come back as
// another one of the same number.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Watching a daemon that is killed", .serialized, .waits)
struct WatchCrashTests {
    private let daemon: DaemonProcess
    private static let rounds = 20

    init() throws { daemon = try DaemonProcess.ready() }

    private struct Event: Decodable, Equatable {
        let seq: Int
        let op: String
        let user: String
    }

    private struct Line: Decodable {
        let event: Event
    }

    private struct Page: Decodable {
        let events: [Event]
        let cursor: Int?
        let last: Int
    }

    private static func decode<Fields: Decodable>(_ line: String) throws -> Fields {
        try JSONDecoder().decode(Fields.self, from: Data(line.utf8))
    }

    private func watch(after cursor: Int) throws -> LineConnection {
        let watcher = try daemon.connectAsAdmin()
        let reply = try watcher.ask(#"{"op":"watch","cursor":\#(cursor)}"#)
        // An event that was told is there, or it was told too early.
        try #require(reply.ok, "\(reply) after \(cursor)")
        return watcher
    }

    /// Everything that the store holds, page by page.
    private func kept() throws -> [Event] {
        let admin = try daemon.connectAsAdmin()
        var events: [Event] = []
        while true {
            let cursor = events.last.map { #","cursor":\#($0.seq)"# } ?? ""
            try admin.send(#"{"op":"events","count":1000\#(cursor)}"#)
            let page: Page = try Self.decode(try #require(try admin.receive()))
            events += page.events
            if page.cursor == nil { return events }
        }
    }

    @Test("what was told is kept, and nothing is told twice or left out")
    func killed() throws {
        var random = SeededGenerator.announced("watching a daemon that is killed")
        var heard: [Event] = []
        var cutShort = 0
        for round in 0..<Self.rounds {
            let watcher = try watch(after: heard.count)
            let lines = (0..<400).map {
                #"{"op":"verify","user":"\#(round) \#($0)","code":"123456"}"#
            }
            let client = try daemon.connect()
            try client.send(bytes: Array((lines.joined(separator: "\n") + "\n").utf8))
            for _ in 0..<Int.random(in: 0..<300, using: &random) {
                let line: Line = try Self.decode(try #require(try watcher.receive()))
                heard.append(line.event)
            }
            try daemon.kill()
            while let rest = try watcher.receive() {
                let line: Line = try Self.decode(rest)
                heard.append(line.event)
            }
            if heard.last?.user != "\(round) 399" { cutShort += 1 }
            try daemon.start()
        }
        #expect(cutShort > 0, "a kill that comes after everything proves nothing")
        #expect(heard.map(\.seq) == Array(1...heard.count))
        let kept = try kept()
        #expect(kept.count >= heard.count && Array(kept.prefix(heard.count)) == heard)
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
    }
}
