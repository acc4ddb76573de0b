// A lane whose connection is cut at every message of a batch, and of what follows: a code is used
// once, whatever was answered is kept, and a request that is sent again gets its one answer.

import Accounts
import Patience
import PostgresHarness
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("A batch whose connection is cut", .waits)
struct CutStoreTests {
    @Test("is answered with yes when its COMMIT was done and only the answer was lost")
    func swallowed() throws {
        let hosts = try TwoHosts(isCut: true)
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        for round in 1...3 as ClosedRange<Int64> {
            // Behind the first, also that of the next connection, which takes the lane's row.
            hosts.proxy.swallow("COMMIT", times: Int(round))
            let verify = ada.verify(at: Clock.after(30 * round))
            try #expect(hosts.ask(hosts.one, verify) == ["ok"])
            try #expect(hosts.ask(hosts.other, verify) == ["replayed"])
        }
        #expect(hosts.proxy.cuts == 1 + 2 + 3)
        // Enrolment, confirmation, and of each round a yes and a refusal.
        try #expect(hosts.one.figures().lastEvent == 2 + 3 * 2)
        try hosts.end()
    }

    @Test("has its code used once, wherever it was cut, and both hosts agree")
    func everywhere() throws {
        let hosts = try TwoHosts(isCut: true)
        let (ada, key) = (try Person("ada"), try limitKey("login"))
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        func batch(_ round: Int) -> [Change] {
            let now = Clock.after(30 * Int64(round))
            return [
                ada.verify(at: now).change(in: hosts.one),
                key.change(max: 1_000_000, at: Clock.start, in: hosts.one),
            ]
        }
        hosts.proxy.cut(nil)
        #expect(try hosts.one.apply(batch(1)).map(\.brief) == ["ok", "ok"])
        let points = [Cut.Sender.client, .server].flatMap { sender in
            (0..<hosts.proxy.messages(of: sender)).flatMap { message in
                [Cut.Place.before, .within(3), .after].map { Cut($0, sender, message) }
            }
        }
        #expect(points.count > 90)
        for (index, cut) in points.enumerated() {
            hosts.proxy.cut(cut)
            // It waits for a new connection, and decides or learns what became of it.
            let answers = try hosts.one.apply(batch(index + 2)).map(\.brief)
            #expect(answers == ["ok", "ok"], "\(cut)")
            let again = ada.verify(at: Clock.after(30 * Int64(index + 2)))
            try #expect(hosts.ask(hosts.other, again) == ["replayed"], "\(cut)")
        }
        #expect(hosts.proxy.cuts == points.count)
        // Each yes is there once, and each refusal.
        try #expect(hosts.one.figures().lastEvent == UInt64(3 + 2 * points.count))
        try hosts.end()
    }

    @Test("gets its one answer when it is sent again, also by another host")
    func again() throws {
        let hosts = try TwoHosts(isCut: true)
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        let verify = ada.verify(at: Clock.after(30), attempt: "an attempt of 24 letters")
        hosts.proxy.swallow("COMMIT")
        try #expect(hosts.ask(hosts.one, verify) == ["ok"])
        try #expect(hosts.ask(hosts.other, verify) == ["ok"])
        try #expect(hosts.ask(hosts.other, ada.verify(at: Clock.after(30))) == ["replayed"])
        try hosts.end()
    }
}
