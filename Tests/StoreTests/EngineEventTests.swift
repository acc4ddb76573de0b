// The events an engine leaves: one for every change and refusal, none for a look, in order,
// chained, and never with a code or a secret in them. Also what a batch keeps when it fails.

import Accounts
import Foundation
import OneTimeCodes
import Secrets
import StoreHarness
import Testing

@testable import Store

@Suite("An engine's events")
struct EngineEventTests {
    @Test("are one for each change and refusal, in order", arguments: Engine.allCases)
    func inOrder(_ engine: Engine) throws {
        let ada = try Person("ada")
        let bob = try Person("bob")
        try engine.run { subject in
            let begin = Clock.start
            var unready = ada.confirm()
            unready.prepared = .nothing
            try subject.ask(bob.verify(at: begin), ada.enroll(), ada.status(), unready)
            try subject.ask(ada.confirm(), ada.confirm(), ada.request("show", Show(), at: begin))
            let attempt = "an attempt of 24 letters"
            let later = Clock.after(30)
            try subject.ask(
                ada.verify(at: later, attempt: attempt), ada.verify(at: later, attempt: attempt))
            try subject.ask(ada.verify(at: later), ada.wrong(at: later))
            try subject.ask(ada.reset(at: Clock.after(40)))

            let events = try subject.events()
            #expect(
                events.map { "\($0.user) \($0.label.op) \($0.result)" } == [
                    "bob verify not_enrolled", "ada enroll ok", "ada confirm ok",
                    "ada confirm no_enrollment", "ada verify ok", "ada verify replayed",
                    "ada verify wrong_code", "ada reset ok",
                ])
            #expect(events.map(\.method) == [nil, nil, nil, nil, .totp, nil, nil, nil])
            #expect(events.map(\.at.milliseconds) == events.map(\.at.milliseconds).sorted())
            #expect(events.allSatisfy { $0.app == "shop" && $0.label.peer == Request.peer })
            #expect(events.map(\.label.reason).dropLast().allSatisfy { $0 == nil })
            #expect(events.last?.label.reason == "lost phone")
        }
    }

    @Test("are a chain that goes on after reopening", arguments: Engine.allCases)
    func chained(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            for step in 0..<6 {
                try subject.ask(ada.wrong(at: Clock.start), ada.status(), ada.enroll())
                if step % 2 == 1 { try subject.reopen() }
                // Only a look: it must not move the chain.
                try subject.ask(ada.status())
            }
            let events = try subject.events()
            #expect(events.map(\.sequence) == Array(1...12))
            // It follows the chain.
            let report = try subject.store.check()
            #expect(report.events == 12)
        }
    }

    @Test("carry the alert of a lock", arguments: Engine.allCases)
    func alerts(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.confirm())
            let failures = Int(Policy.consecutiveFailuresMax)
            let guesses = (0..<failures).map { ada.wrong(at: Clock.after(Int64($0 + 1) * 3600)) }
            try subject.ask(guesses)
            try subject.ask(ada.verify(at: Clock.after(500 * 3600)))
            let events = try subject.events()
            let last = events.suffix(2)
            #expect(last.map(\.result) == ["wrong_code", "locked"])
            #expect(last.map(\.alert) == [.locked, nil])
            #expect(events.dropLast(2).allSatisfy { $0.alert != .locked })
        }
    }

    @Test("never hold a code or a secret", arguments: Engine.allCases)
    func noSecrets(_ engine: Engine) throws {
        let ada = try Person("ada")
        let now = Clock.after(30)
        let attempt = "0123456789abcdef-attempt"
        try engine.run { subject in
            try subject.ask(
                ada.enroll(), ada.confirm(), ada.wrong(at: now),
                ada.verify(at: now, attempt: attempt), ada.verify(at: now))
            let texts = [
                ada.code(at: Clock.start).text, ada.code(at: now).text, ada.wrongCode(at: now).text,
                attempt,
            ]
            let codes = ada.backupCodes().hashBytes
            let hashes =
                stride(from: 0, to: codes.count, by: 16).map { Array(codes[$0..<($0 + 16)]) }
                + [ada.secret.withBytes { Array($0) }]
            for event in try subject.events() {
                let block = EventBlock(previous: EventRecordTests.previous[0], events: [event])
                let bytes = Data(block.bytes)
                for needle in texts.map({ Array($0.utf8) }) + hashes {
                    #expect(bytes.range(of: Data(needle)) == nil, "event \(event.sequence)")
                }
            }
        }
    }

    @Test("say nothing on the disk of who did what")
    func sealed() throws {
        let ada = try Person("ada-lovelace@example.org", app: "analytical-engine")
        try Engine.lmdb.run { subject in
            try subject.ask(ada.enroll(), ada.confirm(), ada.wrong(at: Clock.after(30)))
            let events = try subject.events()
            #expect(events.count == 3)
            let file = try Data(contentsOf: URL(filePath: subject.path + "/data.mdb"))
            let key = ada.secret.withBytes { Data($0) }
            for needle in ["ada-lovelace", "analytical", "wrong_code", "enroll"] {
                #expect(file.range(of: Data(needle.utf8)) == nil, "\(needle) is readable")
            }
            #expect(file.range(of: key) == nil)
            // The look itself works: this word is LMDB's own.
            #expect(file.range(of: Data("guards".utf8)) != nil)
        }
    }
}
