// A disk that reports an error at a flush: nobody knows what is on it, so the daemon ends, and says
// no yes that rests on it.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("A disk that fails under the real daemon", .serialized, .waits)
struct FlushFailureTests {
    private let daemon: DaemonProcess
    private let trigger: String

    init() throws {
        daemon = try DaemonProcess()
        trigger = daemon.directory.path(of: "trigger")
        let library = try Preload.library(Preload.flush, for: daemon)
        daemon.environment = ["LD_PRELOAD": library, "FLUSH_TRIGGER": trigger]
    }

    enum Disk: CaseIterable {
        /// Fails every flush.
        case quick
        /// Fails one flush, of several that are under way. Those that began later end well, and
        /// earlier.
        case slow

        var variables: [String: String] {
            self == .quick ? [:] : ["FLUSH_TIME": "3000", "FLUSH_ONCE": "1"]
        }
    }

    @Test(
        "no yes after EIO, an end with a non-zero status, and nothing accepted twice afterwards",
        arguments: Disk.allCases)
    func failedFlush(disk: Disk) throws {
        daemon.environment.merge(disk.variables) { $1 }
        try daemon.start()
        let people = try Person.many(20, "ada")
        let guessed = try daemon.imported("guessed")
        try daemon.admit(people)
        let codes = people.map { $0.code() }
        let before = try zip(people, codes).prefix(10).map { try daemon.ask($0.verifying($1)) }
        #expect(before.tally == ["ok": 10])
        #expect(try daemon.ask(guessed.verifying(guessed.wrongCode())).brief == "wrong_code")

        _ = FileManager.default.createFile(atPath: trigger, contents: nil)
        let client = try daemon.connect()
        let lines = zip(people, codes).dropFirst(10).map { $0.verifying($1) }
        if disk == .quick {
            try client.send(lines.joined(separator: "\n"))
        } else {
            for line in lines {
                try client.send(line)
                // A pass of the event loop has taken it: each has a frame of its own.
                _ = try daemon.ask(#"{"op":"hello"}"#)
            }
        }
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
