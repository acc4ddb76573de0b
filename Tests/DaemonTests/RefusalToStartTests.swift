// What the daemon refuses to start with: each mistake gives status 1 and one sentence that names
// it.

import DaemonHarness
import Foundation
import Patience
import Testing

/// One line on standard error, which says all of `parts`.
func expectOneSentence(
    _ complaints: String, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    let lines = complaints.split(separator: "\n").filter { !$0.contains("not locked in memory") }
    #expect(lines.count == 1, "\(complaints)", sourceLocation: sourceLocation)
    for part in parts {
        #expect(complaints.contains(part), "\(complaints)", sourceLocation: sourceLocation)
    }
}

@Suite("The real daemon refuses to start", .serialized, .waits)
struct RefusalToStartTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess() }

    private func expectRefusal(
        _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (ending, sentence) = try daemon.startRefused()
        #expect(ending == .exited(1), sourceLocation: sourceLocation)
        for part in parts {
            expectOneSentence(sentence, part, sourceLocation: sourceLocation)
        }
        #expect(!sentence.contains(where: \.isNewline) || sentence.hasSuffix("\n"))
    }

    @Test("with another master key, and serves again with the right one")
    func wrongKey() throws {
        try daemon.start()
        let ada = try daemon.imported("ada")
        try daemon.stop()
        let right = try String(contentsOfFile: daemon.keys, encoding: .utf8)
        let id = String(right.split(separator: " ")[1])

        try daemon.writeKey(DaemonProcess.keyLine())
        try expectRefusal("key", id)
        // The same name for other bytes.
        try daemon.writeKey(DaemonProcess.keyLine(id: id))
        try expectRefusal("key", id)

        try daemon.writeKey(DaemonProcess.keyLine() + "\n" + right)
        try daemon.start()
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
    }

    @Test("with a key file that others may read, that is a link, empty, garbled, or not there")
    func keyFile() throws {
        let line = DaemonProcess.keyLine()
        try daemon.writeKey(line, mode: 0o644)
        try expectRefusal(daemon.keys, "644", "chmod 600")
        try daemon.writeKey(line, mode: 0o660)
        try expectRefusal(daemon.keys, "660")
        try daemon.writeKey("")
        try expectRefusal(daemon.keys, "no key")
        try daemon.writeKey("totpd-master-key-1 0000000g " + DaemonProcess.hexadecimal(64))
        try expectRefusal(daemon.keys, "line 1")
        try daemon.writeKey(line + "\n" + line)
        try expectRefusal(daemon.keys, "line 2")

        try daemon.writeKey(line)
        try FileManager.default.moveItem(atPath: daemon.keys, toPath: daemon.keys + ".real")
        try expectRefusal(daemon.keys, "No such file")
        symlink(daemon.keys + ".none", daemon.keys)
        try expectRefusal(daemon.keys, "a link to a file that is not there")
        #expect(!FileManager.default.fileExists(atPath: daemon.state), "it made a store")
    }

    @Test("without --keys, and without any socket")
    func missingOptions() throws {
        let withoutKeys = try daemon.startRefused(
            ["--state", daemon.state, "--socket", daemon.socket])
        #expect(withoutKeys.ending == .exited(1))
        expectOneSentence(withoutKeys.sentence, "no master keys", "keygen")
        let withoutSocket = try daemon.startRefused(
            ["--state", daemon.state, "--keys", daemon.keys])
        #expect(withoutSocket.ending == .exited(1))
        expectOneSentence(withoutSocket.sentence, "no socket")
    }

    @Test("with a state directory that others may look into, that is a link, or a file")
    func stateDirectory() throws {
        mkdir(daemon.state, 0o700)
        chmod(daemon.state, 0o755)
        try expectRefusal(daemon.state, "755", "chmod 700")
        chmod(daemon.state, 0o700)
        try FileManager.default.moveItem(atPath: daemon.state, toPath: daemon.state + ".real")
        symlink(daemon.state + ".real", daemon.state)
        try expectRefusal(daemon.state)
        unlink(daemon.state)
        _ = FileManager.default.createFile(atPath: daemon.state, contents: nil)
        try expectRefusal(daemon.state)
    }

    @Test("a second time on one store, or on one socket; and the first goes on")
    func second() throws {
        try daemon.start()
        let other = try DaemonProcess()
        let own = (other.state, other.keys)
        (other.state, other.keys) = (daemon.state, daemon.keys)
        let sameStore = try other.startRefused()
        #expect(sameStore.ending == .exited(1))
        expectOneSentence(sameStore.sentence, daemon.state, "another totpd is serving")

        (other.state, other.keys) = own
        other.socket = daemon.socket
        let sameSocket = try other.startRefused()
        #expect(sameSocket.ending == .exited(1))
        expectOneSentence(sameSocket.sentence, daemon.socket, "another process is serving")
        #expect(try daemon.ask(#"{"op":"hello"}"#).ok)
        #expect(try daemon.stop() == .exited(0))
        // What a killed daemon leaves behind is in nobody's way.
        try other.start()
        try other.kill()
        #expect(FileManager.default.fileExists(atPath: other.socket))
        try other.start()
    }

    @Test("on a socket path that is something else, too long, or nowhere")
    func socketPath() throws {
        _ = FileManager.default.createFile(atPath: daemon.socket, contents: Data("mine".utf8))
        try expectRefusal(daemon.socket, "something else")
        #expect(try String(contentsOfFile: daemon.socket, encoding: .utf8) == "mine")
        daemon.socket = daemon.directory.path(of: String(repeating: "x", count: 120))
        try expectRefusal("too long")
        daemon.socket = daemon.directory.path(of: "nowhere/app.sock")
        try expectRefusal("nowhere", "No such file")
    }

    @Test("with a clock that was never set")
    func clock() throws {
        daemon.environment = [
            "LD_PRELOAD": try Preload.library(Preload.clock, for: daemon),
            "CLOCK_OFFSET": "-\(time(nil) - 946_684_800)",
        ]
        try expectRefusal("clock")
    }
}
