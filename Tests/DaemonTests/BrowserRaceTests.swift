// Known browsers on the real daemon: at the same time, beside strangers, and across kill -9. No
// code counts twice, no wrong one goes uncharged, and no stranger keeps the owner out.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("Races of known browsers and strangers", .serialized, .waits)
struct BrowserRaceTests {
    let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    private func line(_ person: Person, _ code: String, _ more: String) -> String {
        #"{"op":"verify","user":"\#(person.user)","code":"\#(code)"\#(more)}"#
    }

    private func known(_ user: String) throws -> (Person, browser: String) {
        let person = try daemon.imported(user)
        let reply = try daemon.ask(line(person, person.code(), #","known":true"#))
        return (person, try #require(reply.browser))
    }

    @Test("500 wrong codes from one browser on 50 connections are five guesses, at its own cost")
    func budget() throws {
        let (ada, browser) = try known("ada")
        let groups = stride(from: 0, to: 500, by: 10).map { start in
            ada.wrongCodes(500)[start..<(start + 10)].map {
                line(ada, $0, #","browser":"\#(browser)""#)
            }
        }
        let replies = try daemon.burst(groups).joined()
        #expect(replies.tally == ["wrong_code": 5, "throttled": 495])
        #expect(try daemon.askAsAdmin(ada.showing).totp?.failures == 0)
        // Nor does a crash bring a guess back, and a stranger is not held up.
        try daemon.kill()
        try daemon.start()
        let again = try daemon.ask(line(ada, ada.code(1), #","browser":"\#(browser)""#))
        #expect(again.brief == "throttled")
        #expect(try daemon.ask(ada.verifying(ada.code(1))).ok)
    }

    @Test("500 strangers beside the owner: they get five guesses, and the owner gets in")
    func strangers() throws {
        let (ada, browser) = try known("ada")
        let owner = [line(ada, ada.code(1), #","browser":"\#(browser)""#)]
        let codes = ada.wrongCodes(500)
        let groups = stride(from: 0, to: 500, by: 10).map { start in
            codes[start..<(start + 10)].map { ada.verifying($0) }
        }
        let replies = try daemon.burst(groups + [owner])
        #expect(replies.last?.first?.ok == true)
        #expect(replies.dropLast().joined().tally == ["wrong_code": 5, "throttled": 495])
        #expect(try daemon.askAsAdmin(ada.showing).totp?.failures == 5)
    }

    @Test("one code from a known browser and from strangers at the same time counts once")
    func oneCode() throws {
        for round in 0..<5 {
            let (ada, browser) = try known("ada \(round)")
            let code = ada.code(1)
            let lines = (0..<60).map { index in
                [line(ada, code, index % 2 == 0 ? #","browser":"\#(browser)","known":true"# : "")]
            }
            #expect(try daemon.burst(lines).joined().tally == ["ok": 1, "replayed": 59])
        }
    }

    @Test("one token on 50 connections with one attempt is replaced twice, and one of them counts")
    func oneToken() throws {
        let (ada, browser) = try known("ada")
        let more = #","browser":"\#(browser)","known":true,"attempt":"browser-00000001""#
        let lines = Array(repeating: [line(ada, ada.code(1), more)], count: 50)
        let replies = try daemon.burst(lines).joined()
        #expect(replies.tally == ["ok": 50])
        let tokens = replies.compactMap(\.browser)
        #expect(tokens.count == 2)
        // Whoever is known is charged apart.
        for token in tokens + [browser] {
            _ = try daemon.ask(line(ada, ada.wrongCode(), #","browser":"\#(token)""#))
        }
        #expect(try daemon.askAsAdmin(ada.showing).totp?.failures == 2)
    }
}
