// An older copy of the whole state directory, put back by hand: the host has had another store
// since, and says so. The script of the unit runs here as systemd would run it.

import DaemonHarness
import Foundation
import Testing

@Suite("The whole directory put back", .serialized)
struct EpochTests {
    private let daemon: DaemonProcess
    private let epoch: String

    init() throws {
        daemon = try DaemonProcess()
        epoch = daemon.directory.path(of: "epoch")
    }

    private func script(_ step: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let script = root.appending(path: "systemd/epoch").path
        var variables = [String: String]()
        if step == "keep" { variables["MAINPID"] = "\(try daemon.pid)" }
        let child = try Child(
            "/bin/sh", [script, step, epoch], environment: Program.environment(variables))
        let ending = try child.wait()
        #expect(ending == .exited(0), "\(step): \(child.complaints)")
    }

    private var arguments: [String] { daemon.arguments + ["--epoch", epoch] }

    private func start() throws {
        try script("draw")
        try daemon.start(arguments)
        try script("keep")
    }

    private func expectRefused() throws {
        try script("draw")
        let (ending, sentence) = try daemon.startRefused(arguments)
        #expect(ending == .exited(1))
        #expect(sentence.contains("not the store that this host had last"), "\(sentence)")
    }

    @Test("is refused, until a restore puts it there")
    func putBack() throws {
        try start()
        let ada = try daemon.imported("ada")
        try daemon.stop()
        let files = FileManager.default
        let kept = daemon.directory.path(of: "kept")
        try files.copyItem(atPath: daemon.state, toPath: kept)
        try start()
        let code = ada.code()
        #expect(try daemon.ask(ada.verifying(code)).ok)
        try daemon.stop()

        let newest = daemon.directory.path(of: "newest")
        try files.moveItem(atPath: daemon.state, toPath: newest)
        try files.copyItem(atPath: kept, toPath: daemon.state)
        try expectRefused()
        // Nor is none at all.
        try files.removeItem(atPath: daemon.state)
        try expectRefused()

        try files.removeItem(atPath: daemon.state)
        let restored = try daemon.control([
            "restore", kept, "--state", daemon.state, "--keys", daemon.keys, "--epoch", epoch,
            "--keep-backup-codes", "--yes",
        ])
        #expect(restored.ending == .exited(0), "\(restored.printed)")
        try start()
        #expect(try daemon.ask(ada.verifying(code)).brief == "replayed")
        try daemon.stop()
        // What was there before the restore is another's now.
        try files.removeItem(atPath: daemon.state)
        try files.moveItem(atPath: newest, toPath: daemon.state)
        try expectRefused()
    }

    @Test("is not taken for the store's where totpd was not asked to take it")
    func withoutEpoch() throws {
        try start()
        try daemon.stop()
        try script("draw")
        try daemon.start()
        try script("keep")
        try daemon.stop()
        try start()
        try daemon.stop()
    }

    @Test("is none when a start was stopped before it was ready, or killed")
    func stopped() throws {
        try start()
        try daemon.kill()
        // A start that is killed before the host has taken its epoch.
        try script("draw")
        try daemon.start(arguments)
        try daemon.kill()
        try start()
        try daemon.kill()
        // One that ended before the store had it.
        try script("draw")
        try start()
        try daemon.stop()
    }
}
