// totpctl's backup and restore against the real daemon: last night's copy comes back, and no code
// that was used since counts again.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("totpctl's copies", .waits)
struct ControlRestoreTests {
    @Test("a restored copy has its accounts, and refuses what may have been used since")
    func restore() throws {
        let daemon = try DaemonProcess.ready()
        let ada = try daemon.imported("ada")
        let backup = daemon.directory.path(of: "backup")
        let made = try daemon.control(["backup", backup, "--socket", daemon.adminSocket])
        #expect(made.ending == .exited(0) && made.printed.contains("1 accounts"), "\(made.printed)")

        let code = ada.code()
        #expect(try daemon.ask(ada.verifying(code)).ok)
        let place = ["restore", backup, "--state", daemon.state, "--keys", daemon.keys]
        let unsaid = try daemon.control(place + ["--yes"])
        #expect(unsaid.ending == .exited(64) && unsaid.printed.contains("--void-backup-codes"))
        let arguments = place + ["--keep-backup-codes"]
        #expect(try daemon.control(arguments).ending == .exited(64), "nobody is there to agree")
        let beside = try daemon.control(arguments + ["--yes"])
        #expect(beside.ending == .exited(1) && beside.printed.contains("another totpd"))

        try daemon.stop()
        // By hand it is not put in place, though the files are those of a store.
        let files = FileManager.default
        let kept = daemon.directory.path(of: "kept")
        try files.moveItem(atPath: daemon.state, toPath: kept)
        try files.copyItem(atPath: backup, toPath: daemon.state)
        let (ending, sentence) = try daemon.startRefused()
        #expect(ending == .exited(1))
        expectOneSentence(sentence, "this is a copy", "totpctl restore")
        try files.removeItem(atPath: daemon.state)
        try files.moveItem(atPath: kept, toPath: daemon.state)

        let restored = try daemon.control(arguments + ["--yes"])
        #expect(restored.ending == .exited(0), "\(restored.printed)")
        #expect(restored.printed.contains("the old store is in"))
        try daemon.start()
        #expect(try daemon.ask(ada.verifying(code)).error == "replayed")
        #expect(try daemon.check().ending == .exited(0))
    }

    @Test("what a check, or a restore, was told to read by mistake is as it was")
    func leftAlone() throws {
        let daemon = try DaemonProcess.ready()
        let files = FileManager.default
        let empty = daemon.directory.path(of: "empty")
        try files.createDirectory(
            atPath: empty, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        let checked = try daemon.control(["check", "--state", empty, "--keys", daemon.keys])
        #expect(checked.ending == .exited(1) && checked.printed.contains("no store here"))
        #expect(try files.contentsOfDirectory(atPath: empty) == [])

        let rest = ["--keys", daemon.keys, "--keep-backup-codes", "--yes"]
        for (source, state, words) in [
            (daemon.state, daemon.directory.path(of: "new"), "serving from the backup"),
            (daemon.state, daemon.state, "the state directory itself"),
        ] {
            let restored = try daemon.control(["restore", source, "--state", state] + rest)
            #expect(restored.ending == .exited(1) && restored.printed.contains(words))
        }
    }
}
