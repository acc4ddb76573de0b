// One life of the daemon under load, its sudden end, and the questions afterwards. What is asked is
// kept with what was answered, so that every promise can be called in.

import DaemonHarness
import Foundation
import SeededRandom
import Testing

struct KillRound {
    enum Use {
        case right(Person, code: String, attempt: String?)
        case wrong(Person, code: String)
        case confirm(Person, code: String)
        case backup(Person, code: String)

        var line: String {
            switch self {
            case .right(let person, let code, let attempt):
                return person.verifying(code, attempt: attempt)
            case .wrong(let person, let code), .backup(let person, let code):
                return person.verifying(code)
            case .confirm(let person, let code): return person.asking("confirm", code)
            }
        }
    }

    struct Tally: CustomStringConvertible {
        var answered = 0
        var unanswered = 0
        var broken = 0

        mutating func add(_ round: KillRound) {
            answered += round.answered.count
            unanswered += round.unanswered.count
            if round.isBroken { broken += 1 }
        }

        var description: String {
            "\(answered) requests answered, \(unanswered) cut off, \(broken) writes cut short"
        }
    }

    typealias Spare = (Person, backupCodes: [String])

    private let number: Int
    private let daemon: DaemonProcess
    private let guessed: [Person]
    private var waiting: [Use] = []
    private(set) var answered: [(use: Use, reply: Reply)] = []
    private(set) var unanswered: [Use] = []
    /// The end came in the midst of a write: no code of before it counts any more.
    var isBroken = false

    /// Makes this round's accounts, each with its own secret: real time gives each only two codes.
    init(
        _ number: Int, _ daemon: DaemonProcess, _ spare: inout [Spare],
        _ random: inout SeededGenerator
    ) throws {
        (self.number, self.daemon) = (number, daemon)
        let right = try Person.many(30, "right \(number)")
        guessed = try Person.many(15, "guessed \(number)")
        try daemon.admit(right + guessed)
        for (index, person) in right.enumerated() {
            let attempt = index % 3 == 0 ? "attempt-\(number)-\(index)-padding" : nil
            waiting.append(.right(person, code: person.code(), attempt: attempt))
        }
        // Half of them have two more, whose codes count apart.
        for _ in 0..<2 {
            for person in try daemon.admitOthers(right.filter { $0.user.hasSuffix("1") }) {
                waiting.append(.right(person, code: person.code(), attempt: nil))
            }
        }
        for person in guessed {
            waiting += person.wrongCodes(3).map { .wrong(person, code: $0) }
        }
        let new = try Person.enrolling("new \(number)", on: daemon.connect())
        waiting.append(.confirm(new, code: new.code()))
        for _ in 0..<2 {
            guard !spare.isEmpty else { continue }
            let index = Int.random(in: 0..<spare.count, using: &random)
            guard let code = spare[index].backupCodes.popLast() else { continue }
            waiting.append(.backup(spare[index].0, code: code))
            if spare[index].backupCodes.isEmpty { spare.remove(at: index) }
        }
        waiting.shuffle(using: &random)
    }

    // MARK: The load

    /// Asks on several connections at once, and kills the daemon after a random number of answers.
    mutating func load(_ random: inout SeededGenerator) throws {
        let depth = Int.random(in: 1...12, using: &random)
        let last = Int.random(in: 0..<waiting.count, using: &random)
        let clients = try (0..<6).map { _ in try daemon.connect() }
        var asked = clients.map { _ in [Use]() }
        try fill(clients, &asked, depth)
        while answered.count < last {
            var events = clients.map {
                pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&events, UInt(events.count), Deadline.usual.millisecondsLeft) > 0 else {
                throw HarnessFault("no answers come under load")
            }
            try take(clients, &asked)
            try fill(clients, &asked, depth)
        }
        try daemon.kill()
        // What was on its way is answered too: the socket keeps it for us.
        for (index, client) in clients.enumerated() {
            while let line = try client.receive() {
                answered.append((asked[index].removeFirst(), try Reply(line)))
            }
        }
        unanswered = asked.flatMap { $0 }
    }

    private mutating func fill(
        _ clients: [LineConnection], _ asked: inout [[Use]], _ depth: Int
    ) throws {
        for (index, client) in clients.enumerated() {
            while asked[index].count < depth, let use = waiting.popLast() {
                try client.send(use.line)
                asked[index].append(use)
            }
        }
    }

    private mutating func take(_ clients: [LineConnection], _ asked: inout [[Use]]) throws {
        for (index, client) in clients.enumerated() {
            while let line = try client.receiveNow() {
                answered.append((asked[index].removeFirst(), try Reply(line)))
            }
        }
    }

    // MARK: The questions afterwards

    /// A line to ask again, and what its reply may be.
    private typealias Question = (line: String, briefs: Set<String>)

    /// Asks all at once: in order, since they share a connection.
    private func ask(_ questions: [Question]) throws {
        let replies = try daemon.connect().ask(questions.map(\.line))
        for (question, reply) in zip(questions, replies) {
            let isPossible = question.briefs.contains(reply.brief)
            #expect(isPossible, "round \(number): \(reply.brief), not \(question.briefs)")
        }
    }

    /// What was answered holds: nothing counts twice, and every charge is still there.
    func proveAnswered(_ spare: inout [Spare]) throws {
        var questions: [Question] = []
        var unlocking: [String] = []
        var charges: [String: Int] = [:]
        for (use, reply) in answered {
            switch use {
            case .right(let person, let code, let attempt):
                #expect(reply.ok, "\(reply)")
                // The same attempt is the same answer again; the same code is not. What a broken
                // write held may have ended the attempt.
                if attempt != nil { questions.append((use.line, [isBroken ? "replayed" : "ok"])) }
                questions.append((person.verifying(code), ["replayed"]))
            case .wrong(let person, _):
                #expect(reply.brief == "wrong_code")
                charges[person.user, default: 0] += 1
            case .confirm(let person, let code):
                let codes = try #require(reply.backupCodes)
                questions.append((use.line, ["no_enrollment"]))
                questions.append((person.verifying(code), ["replayed"]))
                spare.append((person, codes))
            case .backup(let person, _):
                #expect(reply.method == "backup")
                questions.append((use.line, ["wrong_code"]))
                unlocking.append(person.asking("unlock"))
            }
        }
        try ask(questions)
        #expect(try daemon.connectAsAdmin().ask(unlocking).allSatisfy(\.ok))
        try proveCharges(charges)
    }

    private func proveCharges(_ answered: [String: Int]) throws {
        var asked = answered
        for case .wrong(let person, _) in unanswered { asked[person.user, default: 0] += 1 }
        let shown = try daemon.connectAsAdmin().ask(guessed.map(\.showing))
        for (person, shown) in zip(guessed, shown) {
            let failures = try #require(shown.totp?.failures)
            #expect(failures >= answered[person.user] ?? 0, "round \(number): a charge is gone")
            #expect(failures <= asked[person.user] ?? 0, "round \(number): charged unasked")
        }
    }

    /// What nobody heard of may have happened or not, but not twice, and not by half.
    func proveUnanswered() throws {
        var questions: [Question] = []
        var unlocking: [String] = []
        for use in unanswered {
            switch use {
            case .right(let person, let code, let attempt):
                let accepted: Set = isBroken ? ["ok", "replayed"] : ["ok"]
                if attempt != nil { questions.append((use.line, accepted)) }
                questions.append((person.verifying(code), ["ok", "replayed"]))
                questions.append((person.verifying(code), ["replayed"]))
            case .wrong: continue
            case .confirm(let person, let code):
                let refused: Set = isBroken ? ["no_enrollment", "replayed"] : ["no_enrollment"]
                questions.append((use.line, refused.union(["ok"])))
                questions.append((use.line, refused))
                let used: Set = isBroken ? ["replayed", "not_enrolled"] : ["replayed"]
                questions.append((person.verifying(code), used))
            case .backup(let person, _):
                questions.append((use.line, ["ok", "wrong_code"]))
                questions.append((use.line, ["wrong_code"]))
                unlocking.append(person.asking("unlock"))
            }
        }
        try ask(questions)
        #expect(try daemon.connectAsAdmin().ask(unlocking).allSatisfy(\.ok))
    }
}
