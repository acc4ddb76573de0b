// A disk without room: nothing is said that was not kept, the daemon goes on, and works again once
// there is room.

import DaemonHarness
import Foundation
import Patience
import Scratch
import Testing

@Suite(
    "A full disk under the real daemon", .serialized, .waits,
    .enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
struct FullDiskTests {
    private let disk: SmallDisk
    private let daemon: DaemonProcess

    init() throws {
        // Half of it is the log's.
        disk = try SmallDisk(bytes: 32 << 20)
        daemon = try DaemonProcess()
        daemon.state = disk.path + "/state"
        try daemon.start()
    }

    @Test("what cannot be kept is unavailable, what was said holds, and room makes it work again")
    func full() throws {
        let people = try Person.many(40, "ada")
        let guessed = try Person.many(10, "guessed")
        try daemon.admit(people + guessed)
        try disk.fill()
        let new = try importUntilFull()

        // The first code of each: kept or unavailable.
        let codes = people.map { $0.code() }
        let replies = try zip(people, codes).map { try daemon.ask($0.verifying($1)) }
        let wrong = try guessed.map { try daemon.ask($0.verifying($0.wrongCode())).brief }
        #expect(Set(replies.map(\.brief)).isSubset(of: ["ok", "unavailable"]))
        #expect(Set(wrong).isSubset(of: ["wrong_code", "unavailable"]))
        #expect(try daemon.ask(#"{"op":"hello"}"#).ok, "it lives")
        #expect(try daemon.log().contains("full"))

        try disk.free()
        for (index, person) in people.enumerated() {
            let again = try daemon.ask(person.verifying(codes[index])).brief
            #expect(again == (replies[index].ok ? "replayed" : "ok"))
        }
        try prove(new, guessed, wrong)
        try daemon.stop()
        try daemon.start()
        for (person, code) in zip(people, codes) {
            #expect(try daemon.ask(person.verifying(code)).brief == "replayed")
        }
        try prove(new, guessed, wrong)
        #expect(try daemon.check().ending == .exited(0))
        #expect(try daemon.stop() == .exited(0))
    }

    @Test("a backup that finds no room is refused, wherever the room ends, and the daemon goes on")
    func backup() throws {
        let ada = try daemon.imported("ada")
        let target = try SmallDisk(bytes: 1 << 20)
        try target.fill()
        let line = #"{"op":"backup","path":"\#(target.path)/copy"}"#
        var refused = 0
        for _ in 0..<64 {
            let reply = try daemon.askAsAdmin(line)
            if reply.ok { break }
            #expect(reply.brief == "bad_request" && reply.field == "path", "\(reply)")
            #expect(reply.detail?.contains("there is no room") == true, "\(reply)")
            refused += 1
            try target.free(bytes: 4096)
        }
        #expect((3..<64).contains(refused), "some pages were too few, and some enough")
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        #expect(try daemon.check().ending == .exited(0))
    }

    /// Everybody who was said to be imported, and the first who was not.
    private func importUntilFull() throws -> (kept: [Person], refused: Person) {
        var kept: [Person] = []
        let admin = try daemon.connectAsAdmin()
        while kept.count < 20_000 {
            let person = try Person("filler \(kept.count)")
            let reply = try admin.ask(person.importing)
            guard reply.ok else {
                #expect(reply.brief == "unavailable")
                return (kept, person)
            }
            kept.append(person)
        }
        throw HarnessFault("the disk never fills")
    }

    private func prove(
        _ new: (kept: [Person], refused: Person), _ guessed: [Person], _ wrong: [String]
    ) throws {
        let admin = try daemon.connectAsAdmin()
        #expect(try admin.ask(new.kept.map(\.showing)).allSatisfy { $0.enrolled == true })
        #expect(try admin.ask(new.refused.showing).enrolled == false)
        for (person, said) in zip(guessed, wrong) {
            let failures = try admin.ask(person.showing).totp?.failures
            #expect(failures == (said == "wrong_code" ? 1 : 0))
        }
    }

    @Test("a state directory that is read-only is a reason not to start")
    func readOnly() throws {
        try daemon.stop()
        try disk.makeReadOnly()
        let (ending, sentence) = try daemon.startRefused()
        #expect(ending == .exited(1))
        expectOneSentence(sentence, "state directory", "Read-only file system")
    }
}
