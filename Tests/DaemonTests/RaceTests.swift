// Many connections, one moment: whatever arrives together, a code counts once and the budget holds.
// The daemon is stopped while the lines are sent, so that they truly wait side by side.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("Races on the real daemon", .serialized, .waits)
struct RaceTests {
    let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    @Test("T-R2, T-R8: one code on 200 connections is accepted once")
    func oneCode() throws {
        let ada = try daemon.imported("ada")
        let line = ada.verifying(ada.code())
        let replies = try daemon.burst(Array(repeating: [line], count: 200)).joined()
        #expect(replies.tally == ["ok": 1, "replayed": 199])
        #expect(try daemon.askAsAdmin(ada.showing).totp?.failures == 0)
    }

    @Test("T-R2: one code from 8 threads at full speed is accepted once")
    func oneCodeFromThreads() throws {
        let people = try Person.many(20, "ada")
        try daemon.admit(people)
        let clients = try (0..<8).map { _ in try daemon.connect() }
        let lines = people.map { $0.verifying($0.code()) }
        let results = Results<[Reply]>()
        DispatchQueue.concurrentPerform(iterations: clients.count) { index in
            results.add { try clients[index].ask(lines) }
        }
        let all = try results.get()
        for place in lines.indices {
            #expect(all.map { $0[place] }.tally == ["ok": 1, "replayed": 7])
        }
    }

    @Test("codes of eight authenticators at once are accepted once each, and one budget holds")
    func eightAuthenticators() throws {
        let ada = try daemon.imported("ada")
        var all = [ada]
        for _ in 0..<7 { all += try daemon.admitOthers([ada]) }
        #expect(Set(all.map(\.secret)).count == 8)
        let lines = all.map { $0.verifying($0.code()) }
        let replies = try daemon.burst((0..<20).map { _ in lines })
        for place in lines.indices {
            #expect(replies.map { $0[place] }.tally == ["ok": 1, "replayed": 19])
        }
        let wrong = all.flatMap { $0.wrongCodes(3) }.map { [ada.verifying($0)] }
        #expect(try daemon.burst(wrong).joined().tally == ["wrong_code": 5, "throttled": 19])
        #expect(try daemon.connectAsAdmin().ask(all[1].adding).ok, "what is there is there")
        let ninth = try ada.withAnother()
        #expect(try daemon.askAsAdmin(ninth.adding).brief == "too_many_authenticators")
    }

    @Test("two removals at once leave one authenticator")
    func parallelRemovals() throws {
        for round in 0..<10 {
            let ada = try daemon.imported("ada \(round)")
            let other = try daemon.admitOthers([ada])[0]
            func removing(_ id: Int, _ code: String) -> String {
                #"{"op":"remove","user":"\#(ada.user)","authenticator":\#(id),"code":"\#(code)"}"#
            }
            let lines = [removing(1, ada.code()), removing(2, other.code())]
            let tally = try daemon.burst(lines.map { [$0] }).joined().tally
            #expect(tally["ok"] == 1, "\(tally)")
            #expect(
                tally == ["ok": 1, "no_authenticator": 1]
                    || tally == ["ok": 1, "last_authenticator": 1], "\(tally)")
        }
    }

    @Test("T-B1: 30 parallel uses of one backup code are one")
    func oneBackupCode() throws {
        let (ada, codes) = try Person.enrolled("ada", on: daemon.connect())
        let line = ada.verifying(codes[0])
        let replies = try daemon.burst(Array(repeating: [line], count: 30)).joined()
        // A used backup code is a wrong code, and so it is charged.
        #expect(replies.tally == ["ok": 1, "wrong_code": 5, "throttled": 24])
        #expect(replies.first(where: \.ok)?.backupCodesLeft == 9)
        let shown = try daemon.askAsAdmin(ada.showing)
        #expect(shown.backupCodesLeft == 9 && shown.backup?.failures == 5)
        #expect(shown.totp?.failures == 0)
    }

    @Test("T-E1: 30 parallel confirms are one success and one set of codes")
    func oneConfirmation() throws {
        let ada = try Person.enrolling("ada", on: daemon.connect())
        let code = ada.code()
        let line = ada.asking("confirm", code)
        let replies = try daemon.burst(Array(repeating: [line], count: 30)).joined()
        #expect(replies.tally == ["ok": 1, "no_enrollment": 29])
        let codes = try #require(replies.first(where: \.ok)?.backupCodes)
        let left = try codes.prefix(2).map { try daemon.ask(ada.verifying($0)).backupCodesLeft }
        #expect(left == [9, 8])
        #expect(try daemon.ask(ada.verifying(code)).brief == "replayed")
    }

    @Test("T-R8: each operation that takes a code uses it up, whatever comes beside it")
    func everyDoor() throws {
        for operation in ["verify", "backup_codes", "disable", "enroll"] {
            let ada = try daemon.imported("ada by \(operation)")
            let code = ada.code()
            let lines = (0..<20).map { index in
                [ada.asking(index.isMultiple(of: 2) ? operation : "verify", code)]
            }
            let tally = try daemon.burst(lines).joined().tally
            #expect(tally["ok"] == 1, "\(operation): \(tally)")
            let refused = (tally["replayed"] ?? 0) + (tally["not_enrolled"] ?? 0)
            let open = tally["code_required"] ?? 0
            #expect(refused == 19 && open == 0, "\(operation): \(tally)")
        }
    }

    @Test("T-L5: 500 wrong codes on 50 connections are five guesses, and no right code slips in")
    func budget() throws {
        let ada = try daemon.imported("ada")
        let codes = ada.wrongCodes(500)
        let groups = stride(from: 0, to: 500, by: 10).map { start in
            codes[start..<(start + 10)].map { ada.verifying($0) } + [ada.verifying(ada.code())]
        }
        let replies = try daemon.burst(groups).joined()
        #expect(replies.tally == ["wrong_code": 5, "throttled": 545])
        let shown = try daemon.askAsAdmin(ada.showing)
        #expect(shown.totp?.failures == 5)
        #expect(shown.lastStepAt == nil, "nothing was accepted")
        #expect(try daemon.ask(ada.verifying(ada.code())).brief == "throttled")
    }

    @Test("T-L3: every operation that takes a code draws on the one budget, in parallel too")
    func budgetOfAllDoors() throws {
        let ada = try daemon.imported("ada")
        let operations = ["verify", "backup_codes", "disable", "enroll"]
        let groups = ada.wrongCodes(40).enumerated().map { index, code in
            [ada.asking(operations[index % 4], code)]
        }
        #expect(try daemon.burst(groups).joined().tally == ["wrong_code": 5, "throttled": 35])
        #expect(try daemon.askAsAdmin(ada.showing).totp?.failures == 5)
    }

    @Test("one attempt on 50 connections is one decision with one answer")
    func oneAttempt() throws {
        let ada = try daemon.imported("ada")
        let code = ada.code()
        let right = ada.verifying(code, attempt: "right-0123456789")
        let replies = try daemon.burst(Array(repeating: [right], count: 50)).joined()
        #expect(replies.tally == ["ok": 50])
        #expect(try daemon.ask(ada.verifying(code)).brief == "replayed")

        let wrong = ada.verifying(ada.wrongCode(), attempt: "wrong-0123456789")
        let refusals = try daemon.burst(Array(repeating: [wrong], count: 50)).joined()
        #expect(refusals.tally == ["wrong_code": 50])
        #expect(try daemon.askAsAdmin(ada.showing).totp?.failures == 1)
    }

    @Test("one attempt with two codes is one decision, and a fault of the client")
    func attemptWithTwoCodes() throws {
        let ada = try daemon.imported("ada")
        let lines = [ada.code(), ada.wrongCode()].map {
            ada.verifying($0, attempt: "both-0123456789-")
        }
        let replies = try daemon.burst((0..<40).map { [lines[$0 % 2]] })
        let right = stride(from: 0, to: 40, by: 2).map { replies[$0][0] }
        let wrong = stride(from: 1, to: 40, by: 2).map { replies[$0][0] }
        // Whichever came first was decided; with the other code the attempt became void.
        let rightFirst = right.tally["ok"] != nil && wrong.tally == ["bad_request": 20]
        let wrongFirst = right.tally == ["bad_request": 20] && wrong.tally["wrong_code"] != nil
        #expect(rightFirst != wrongFirst, "\(right.tally) \(wrong.tally)")
    }

    @Test("a reset beside a hundred uses of a code: used or gone, and never twice")
    func resetBesideVerify() throws {
        for round in 0..<10 {
            let ada = try daemon.imported("ada \(round)")
            let line = ada.verifying(ada.code())
            let groups = Array(repeating: Array(repeating: line, count: 2), count: 50)
            let all = try daemon.burst(groups, onAdmin: [ada.resetting])
            let tally = all.dropLast().joined().tally
            #expect(all.last?.first?.ok == true)
            #expect((tally["ok"] ?? 0) <= 1, "\(tally)")
            #expect(tally.keys.allSatisfy { ["ok", "replayed", "not_enrolled"].contains($0) })
            #expect(try daemon.ask(line).brief == "not_enrolled")
            // The same secret again does not bring a used code back.
            try daemon.admit([ada])
            let again = try daemon.ask(line).brief
            #expect(again == (tally["ok"] == 1 ? "replayed" : "ok"))
        }
    }

    @Test("T-L10: a success beside the failure that ends the budget is one of the two orders")
    func successBesideFailure() throws {
        for round in 0..<10 {
            let ada = try daemon.imported("ada \(round)")
            let codes = ada.wrongCodes(5)
            let before = try daemon.connect().ask(codes.prefix(4).map { ada.verifying($0) })
            #expect(before.tally == ["wrong_code": 4])
            let replies = try daemon.burst([[ada.verifying(ada.code())], [ada.verifying(codes[4])]])
            let (right, wrong) = (replies[0][0], replies[1][0])
            let failures = try daemon.askAsAdmin(ada.showing).totp?.failures
            #expect(wrong.brief == "wrong_code")
            if right.ok {
                #expect(wrong.retryAfter == nil && failures == 1)
            } else {
                #expect(right.brief == "throttled" && wrong.retryAfter == 30 && failures == 5)
            }
        }
    }
}
