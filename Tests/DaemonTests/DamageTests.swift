// A damaged store: the account concerned gets `unavailable`, and never "no second factor"; the
// others get what they always got.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("Damage under the real daemon", .serialized, .waits)
struct DamageTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    @Test("one flipped bit in a record makes that account unavailable, until it is reset")
    func flippedBit() throws {
        let ada = try daemon.imported("ada")
        let bob = try daemon.imported("bob")
        let code = ada.code()
        #expect(try daemon.ask(ada.verifying(code)).ok)
        try daemon.stop()
        try BitRot(daemon).flipOneBit(in: "ada")
        let check = try daemon.check()
        #expect(check.ending == .exited(2) && check.printed.contains("problem:"))

        try daemon.start()
        for line in [
            ada.verifying(ada.code(1)), ada.asking("status"), ada.asking("enroll"),
            ada.asking("disable", ada.code(1)), ada.asking("cancel"),
        ] {
            #expect(try daemon.ask(line).brief == "unavailable", "\(line)")
        }
        #expect(try daemon.askAsAdmin(ada.importing).brief == "unavailable")
        #expect(try daemon.askAsAdmin(ada.asking("unlock")).brief == "unavailable")
        #expect(try daemon.ask(bob.verifying(bob.code())).ok)

        // The way out, which must not bring a used code back.
        #expect(try daemon.askAsAdmin(ada.resetting).ok)
        try daemon.admit([ada])
        #expect(try daemon.ask(ada.verifying(code)).brief == "replayed")
        #expect(try daemon.ask(bob.verifying(bob.code(1))).ok)
    }

    @Test("a store that is cut off, or not a store at all, is a reason not to start")
    func notAStore() throws {
        try daemon.admit(Person.many(50, "ada"))
        try daemon.stop()
        let file = daemon.state + "/data.mdb"
        let whole = try Data(contentsOf: URL(filePath: file))
        for bytes in [
            whole.prefix(whole.count / 2), whole.prefix(whole.count / 4), whole.prefix(8192),
        ] {
            try bytes.write(to: URL(filePath: file))
            let (ending, sentence) = try daemon.startRefused()
            #expect(ending == .exited(1), "\(ending), of \(bytes.count) of \(whole.count)")
            expectOneSentence(sentence, "store")
        }
        for bytes in [Data(repeating: 0x5a, count: 65_536), Data("hello".utf8)] {
            try bytes.write(to: URL(filePath: file))
            let (ending, sentence) = try daemon.startRefused()
            #expect(ending == .exited(1), "\(ending)")
            expectOneSentence(sentence, "store")
        }
    }
}
