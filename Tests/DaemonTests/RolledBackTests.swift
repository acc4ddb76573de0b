// What somebody gets who writes to the state directory while the daemon is away, and puts back what
// there was: it is noticed by the next start, and by a check.

import DaemonHarness
import Foundation
import Patience
import Testing

@testable import LMDBStore

@Suite("Records put back under the real daemon", .serialized)
struct RolledBackTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    private var reasons: [String] {
        get throws { try daemon.askAsAdmin(#"{"op":"health"}"#).reasons ?? [] }
    }

    private func expectNoticed(_ comment: Comment) throws {
        try eventually("an alert") { try daemon.log().contains("alert: store_rolled_back") }
        #expect(try reasons.first == "store_rolled_back", comment)
        try daemon.stop()
        let check = try daemon.check()
        #expect(check.ending == .exited(2), comment)
        #expect(check.printed.contains("not those that were written last"), comment)
    }

    @Test("the guard that has forgotten a used code is noticed, and a restore ends it")
    func oldGuard() throws {
        let ada = try daemon.imported("ada")
        try daemon.stop()
        let old = try StateEditor(daemon).records()
        try daemon.start()
        #expect(try !reasons.contains("store_rolled_back"))
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        try daemon.stop()
        try StateEditor(daemon).putBack(old, [.guards])
        try daemon.start()
        try expectNoticed("an old guard")
        // Everything of the account, as it was.
        try StateEditor(daemon).putBack(old, [.guards, .factors])
        try daemon.start()
        try expectNoticed("an old account")
    }

    @Test("an account that was removed is noticed")
    func removed() throws {
        _ = try daemon.imported("ada")
        try daemon.stop()
        let old = try StateEditor(daemon).records()
        try daemon.start()
        let bob = try daemon.imported("bob")
        for code in bob.wrongCodes(3) { _ = try daemon.ask(bob.verifying(code)) }
        try daemon.stop()
        try StateEditor(daemon).putBack(old, [.guards, .factors])
        try daemon.start()
        try expectNoticed("no account")
    }

    @Test("the end of the events without the newest of them is a reason not to start")
    func oldHead() throws {
        let ada = try daemon.imported("ada")
        try daemon.stop()
        let old = try StateEditor(daemon).records()
        try daemon.start()
        #expect(try daemon.askAsAdmin(ada.resetting).ok)
        try daemon.stop()
        let editor = StateEditor(daemon)
        let head = Array("head".utf8)
        try editor.put(.meta, head, try #require(old[.meta]?[head]))
        try editor.putBack(old, [.events])
        let (ending, sentence) = try daemon.startRefused()
        #expect(ending == .exited(1))
        #expect(sentence.contains("not of one moment"), "\(sentence)")
        let check = try daemon.check()
        #expect(check.ending != .exited(0))
    }
}
