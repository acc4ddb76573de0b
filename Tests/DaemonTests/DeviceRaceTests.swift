// Remembered devices and repeated attempts on the real daemon: at the same time, and across kill
// -9. A token or a lost answer is given out again once.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Races for devices and lost answers", .serialized, .waits)
struct DeviceRaceTests {
    let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    private func remembered(_ user: String) throws -> (Person, token: String) {
        let person = try daemon.imported(user)
        return (person, try #require(daemon.ask(person.remembering(person.code())).device))
    }

    @Test("one token on 100 connections is changed once, and takes nobody for a thief")
    func oneToken() throws {
        let (ada, first) = try remembered("ada")
        let lines = Array(repeating: [ada.trusting(first)], count: 100)
        let replies = try daemon.burst(lines).joined()
        #expect(replies.tally == ["ok": 100])
        let tokens = replies.compactMap(\.device)
        #expect(tokens.count == 1)
        let next = try #require(tokens.first)
        let again = try daemon.burst(Array(repeating: [ada.trusting(next)], count: 100)).joined()
        #expect(again.tally == ["ok": 100])
        #expect(again.compactMap(\.device).isEmpty)
        // The new one has arrived: a minute later the first is nobody's any more.
        try daemon.kill()
        try start(later: 120)
        #expect(try daemon.ask(ada.trusting(first)).brief == "not_trusted")
        #expect(try daemon.ask(ada.trusting(next)).brief == "not_trusted")
    }

    @Test("a token whose successor was lost is changed once more, on 100 connections")
    func lostAnswer() throws {
        let (ada, first) = try remembered("ada")
        let lost = try #require(daemon.ask(ada.trusting(first)).device)
        try daemon.kill()
        try start(later: 120)
        let replies = try daemon.burst(Array(repeating: [ada.trusting(first)], count: 100)).joined()
        #expect(replies.tally == ["ok": 100])
        let tokens = replies.compactMap(\.device)
        #expect(tokens.count == 1)
        // Whoever has the lost one is a second browser.
        #expect(try daemon.ask(ada.trusting(lost)).brief == "not_trusted")
        #expect(try daemon.ask(ada.trusting(tokens[0])).brief == "not_trusted")
        let history = try #require(daemon.ask(ada.asking("history")).history)
        #expect(history.filter { $0.what == "stolen_device" }.count == 1)
    }

    /// With the clock that many seconds further than it is.
    private func start(later seconds: Int) throws {
        daemon.environment["LD_PRELOAD"] = try Preload.library(Preload.clock, for: daemon)
        daemon.environment["CLOCK_OFFSET"] = "\(seconds)"
        try daemon.start()
    }

    @Test("a thief beside the owner: the device ends once, and trusts neither")
    func thief() throws {
        let rounds = try (0..<10).map { round in
            let (ada, stolen) = try remembered("ada \(round)")
            let newest = try #require(daemon.ask(ada.trusting(stolen)).device)
            #expect(try daemon.ask(ada.trusting(newest)).ok)
            return (ada, stolen, newest)
        }
        try daemon.kill()
        try start(later: 120)
        for (ada, stolen, newest) in rounds {
            let lines = (0..<40).map { [ada.trusting($0 % 2 == 0 ? stolen : newest)] }
            let replies = try daemon.burst(lines)
            let thief = stride(from: 0, to: 40, by: 2).map { replies[$0][0] }
            #expect(thief.allSatisfy { !$0.ok })
            #expect(try daemon.ask(ada.trusting(newest)).brief == "not_trusted")
            let changed = replies.joined().compactMap(\.device)
            for token in changed {
                #expect(try daemon.ask(ada.trusting(token)).brief == "not_trusted")
            }
            let history = try #require(daemon.ask(ada.asking("history")).history)
            #expect(history.filter { $0.what == "stolen_device" }.count == 1)
        }
    }

    @Test("one attempt for backup codes on 50 connections gives two sets, and one of them counts")
    func oneSetCounts() throws {
        let ada = try daemon.imported("ada")
        let line = ada.asking("backup_codes", ada.code(), attempt: "renewal-00000001")
        let replies = try daemon.burst(Array(repeating: [line], count: 50)).joined()
        #expect(replies.tally == ["ok": 2, "replayed": 48])
        let first = try replies.compactMap(\.backupCodes).map { set in
            try daemon.ask(ada.verifying(set[0])).brief
        }
        #expect(first.sorted() == ["ok", "wrong_code"])
    }

    @Test("one attempt to switch off on 50 connections is one decision")
    func oneEnd() throws {
        let ada = try daemon.imported("ada")
        let line = ada.asking("disable", ada.code(), attempt: "disable-00000001")
        let replies = try daemon.burst(Array(repeating: [line], count: 50)).joined()
        #expect(replies.tally == ["ok": 50])
        let history = try #require(daemon.ask(ada.asking("history")).history)
        #expect(history.map(\.what) == ["disabled", "imported"])
    }

    @Test("across kill -9, no token that was given up is good, and none that was lost is missed")
    func kills() throws {
        var random = SeededGenerator.announced("kill -9 amid devices")
        var unanswered = 0
        for round in 0..<10 {
            let people = try (0..<6).map { try remembered("person \(round) \($0)") }
            let clients = try people.map { _ in try daemon.connect() }
            var tokens = people.map { [$0.token] }
            for (index, client) in clients.enumerated() {
                try client.send(people[index].0.trusting(tokens[index].last ?? ""))
            }
            let heard = Int.random(in: 0...people.count, using: &random)
            for index in 0..<heard {
                tokens[index].append(try #require(clients[index].reply().device))
            }
            try daemon.kill()
            for index in heard..<people.count {
                if let line = try clients[index].receive() {
                    tokens[index].append(try #require(Reply(line).device))
                } else {
                    unanswered += 1
                }
            }
            try start(later: 120)
            for (index, (person, _)) in people.enumerated() {
                // The newest that was heard of; or it was changed, and nobody heard of that.
                let newest = try daemon.ask(person.trusting(tokens[index].last ?? ""))
                #expect(newest.device != nil)
                guard let old = tokens[index].dropLast().last else { continue }
                // It is the one before within the minute, and then nobody's.
                #expect(try daemon.ask(person.trusting(newest.device ?? "")).ok)
                #expect(try daemon.ask(person.trusting(old)).brief == "not_trusted")
            }
            #expect(try daemon.check().ending == .exited(0))
            try daemon.kill()
            try start(later: 0)
        }
        print("kill -9 amid devices: \(unanswered) of 60 answers cut off")
    }
}
