// A refusal waits for a flush of the log whether or not anything is kept of it. So its time does
// not tell who has an account. Operations that only read wait for none.

import Accounts
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@Suite("The time a refusal takes")
struct RefusalTimeTests {
    /// How much the log grows by a batch of one request.
    private func grown(_ subject: Subject, by request: Request) throws -> (String, Int) {
        let before = try subject.store.figures().logBytes
        var request = request
        request.mayOmitEvent = true
        let answer = try subject.ask(request)
        return (answer.joined(), try subject.store.figures().logBytes - before)
    }

    @Test("is that of one flush, with or without an event or a count")
    func flushed() throws {
        let subject = try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: .generate()), logSize: .standard)
        let (ada, eve) = (try Person("ada"), try Person("eve"))
        try subject.ask(ada.bring(at: Clock.start))
        // Past this, refusals of nobody have no event.
        for _ in 0..<25 {
            let many = (0..<420).map { _ in eve.wrong(at: Clock.start).asked(byAnApp: true) }
            try subject.ask(many)
        }
        #expect(try subject.store.figures().omittedEvents == 500)
        let token = DeviceProof(
            id: DeviceID(rawValue: 7), digest: [UInt8](repeating: 7, count: 32))
        for person in [eve, ada] {
            let isKnown = person.name == ada.name
            let trusted = person.request(
                "trusted", Trusted(token: token, next: []), at: Clock.start)
            for (request, answer) in [
                (person.wrong(at: Clock.start), isKnown ? "wrong_code" : "not_enrolled"),
                (trusted, "not_trusted"),
                (person.request("cancel", Cancel(), at: Clock.start), "no_enrollment"),
            ] {
                let (given, bytes) = try grown(subject, by: request)
                #expect(given == answer)
                #expect((512...1024).contains(bytes), "\(request.op) of \(person.name.user)")
            }
            let (_, bytes) = try grown(subject, by: person.status())
            #expect(bytes == 0)
        }
        try subject.reopen()
        try subject.expectSound()
        subject.close()
    }
}

extension Request {
    fileprivate func asked(byAnApp: Bool) -> Request {
        var request = self
        request.mayOmitEvent = byAnApp
        return request
    }
}
