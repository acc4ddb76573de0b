// Remembered devices and repeated attempts on the real daemon: at the same time, and across kill
// -9. A token or a lost answer is given out again once.

import DaemonHarness
import Foundation
import SeededRandom
import Testing

@Suite("Races for devices and lost answers", .serialized)
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
        #expect(try daemon.ask(ada.trusting(next)).device != nil)
        // Two uses later it is nobody's any more.
        #expect(try daemon.ask(ada.trusting(first)).brief == "not_trusted")
    }

    @Test("a thief beside the owner: the device ends once, and trusts neither")
    func thief() throws {
        for round in 0..<10 {
            let (ada, stolen) = try remembered("ada \(round)")
            let next = try #require(daemon.ask(ada.trusting(stolen)).device)
            let newest = try #require(daemon.ask(ada.trusting(next)).device)
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

    @Test("across kill -9, no token that was given up is good, and none that was given is void")
    func kills() throws {
        var random = SeededGenerator.announced("kill -9 amid devices")
        var unanswered = 0
        for round in 0..<10 {
            let people = try (0..<6).map { try remembered("person \(round) \($0)") }
            let clients = try people.map { _ in try daemon.connect() }
            var tokens = people.map { [$0.token] }
            let last = Int.random(in: 0..<60, using: &random)
            for turn in 0...last {
                let index = turn % people.count
                let reply = try clients[index].ask(
                    people[index].0.trusting(tokens[index].last ?? ""))
                tokens[index].append(try #require(reply.device))
            }
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
            try daemon.start()
            for (index, (person, _)) in people.enumerated() {
                // The newest that was heard of; or it was changed, and nobody heard of that.
                #expect(try daemon.ask(person.trusting(tokens[index].last ?? "")).ok)
                guard let old = tokens[index].dropLast(2).last else { continue }
                #expect(try daemon.ask(person.trusting(old)).brief == "not_trusted")
            }
            #expect(try daemon.check().ending == .exited(0))
        }
        print("kill -9 amid devices: \(unanswered) of 60 answers cut off")
    }
}
