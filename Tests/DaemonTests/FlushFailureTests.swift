// A disk that reports an error at a flush: nobody knows what is on it, so the daemon ends, and says
// no yes that rests on it.

import DaemonHarness
import Foundation
import Testing

@Suite("A disk that fails under the real daemon", .serialized)
struct FlushFailureTests {
    private let daemon: DaemonProcess
    private let trigger: String

    init() throws {
        daemon = try DaemonProcess()
        trigger = daemon.directory.path(of: "trigger")
        let library = try Preload.library(Preload.flush, for: daemon)
        daemon.environment = ["LD_PRELOAD": library, "FLUSH_TRIGGER": trigger]
        try daemon.start()
    }

    @Test("no yes after EIO, an end with a non-zero status, and nothing accepted twice afterwards")
    func failedFlush() throws {
        let people = try Person.many(20, "ada")
        let guessed = try daemon.imported("guessed")
        try daemon.admit(people)
        let codes = people.map { $0.code() }
        let before = try zip(people, codes).prefix(10).map { try daemon.ask($0.verifying($1)) }
        #expect(before.tally == ["ok": 10])
        #expect(try daemon.ask(guessed.verifying(guessed.wrongCode())).brief == "wrong_code")

        _ = FileManager.default.createFile(atPath: trigger, contents: nil)
        let client = try daemon.connect()
        try client.send(
            zip(people, codes).dropFirst(10).map { $0.verifying($1) }.joined(separator: "\n"))
        while let line = try client.receive() {
            #expect(try Reply(line).brief == "unavailable")
        }
        let ending = try daemon.end()
        #expect(ending == .exited(EX_IOERR))
        #expect(try daemon.log().contains("ending: the store is broken"))

        daemon.environment = [:]
        try daemon.start()
        for (person, code) in zip(people, codes).prefix(10) {
            #expect(try daemon.ask(person.verifying(code)).brief == "replayed")
        }
        // The others heard no yes, and may use their code once.
        for (person, code) in zip(people, codes).dropFirst(10) {
            #expect(["ok", "replayed"].contains(try daemon.ask(person.verifying(code)).brief))
            #expect(try daemon.ask(person.verifying(code)).brief == "replayed")
        }
        #expect(try daemon.askAsAdmin(guessed.showing).totp?.failures == 1)
        #expect(try daemon.check().ending == .exited(0))
    }
}
