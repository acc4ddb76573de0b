// The forms in which containers hand over the file of master keys: by a link, by a group, on
// standard input. Each is taken, or refused in words that name what is wrong.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("The real daemon's keys, as containers hand them over", .serialized, .waits)
struct KeyFormTests {
    private let daemon: DaemonProcess
    private let line = DaemonProcess.keyLine()

    init() throws { daemon = try DaemonProcess() }

    private func serves() throws {
        try daemon.start()
        #expect(try daemon.ask(#"{"op":"hello"}"#).ok)
        #expect(try daemon.stop() == .exited(0))
    }

    @Test("through the links of a Kubernetes volume, and on after they changed")
    func links() throws {
        let volume = daemon.directory.path(of: "secret")
        for version in ["..1", "..2"] {
            try FileManager.default.createDirectory(
                atPath: "\(volume)/\(version)", withIntermediateDirectories: true)
            daemon.keys = "\(volume)/\(version)/totpd.keys"
            let isNewer = version == "..2"
            try daemon.writeKey(isNewer ? DaemonProcess.keyLine() + "\n" + line : line)
        }
        #expect(symlink("..1", "\(volume)/..data") == 0)
        daemon.keys = "\(volume)/totpd.keys"
        #expect(symlink("..data/totpd.keys", daemon.keys) == 0)
        try daemon.start()
        #expect(symlink("..2", "\(volume)/..new") == 0)
        #expect(rename("\(volume)/..new", "\(volume)/..data") == 0)
        #expect(try daemon.reload().contains("info: reloaded"))
        #expect(
            try daemon.askAsAdmin(#"{"op":"health"}"#).reasons?.contains("master_key_old") == true)
        #expect(try daemon.stop() == .exited(0))
        #expect(unlink("\(volume)/..data") == 0)
        let (ending, said) = try daemon.startRefused()
        #expect(ending == .exited(1))
        expectOneSentence(said, "a link to a file that is not there")
    }

    @Test(
        "on standard input, by either name, and a reload leaves them",
        arguments: ["-", "/dev/stdin"])
    func standardInput(_ name: String) throws {
        let keys = daemon.keys
        daemon.keys = name
        for _ in 0..<2 {
            let (reading, writing) = try Descriptor.pair()
            let bytes = Array((line + "\n").utf8)
            #expect(write(writing.number, bytes, bytes.count) == bytes.count)
            shutdown(writing.number, Int32(SHUT_WR))
            daemon.inherited = [0: reading]
            try daemon.start()
            #expect(try daemon.reload().contains("info: reloaded"))
            #expect(try daemon.stop() == .exited(0))
        }
        // Nobody has handed anything over.
        daemon.inherited = [:]
        let (ending, said) = try daemon.startRefused()
        #expect(ending == .exited(1))
        expectOneSentence(said, "standard input", "a device")
        daemon.keys = keys
    }

    @Test("a pipe in the place of a file is refused, with the way to do it")
    func pipe() throws {
        #expect(unlink(daemon.keys) == 0 && mkfifo(daemon.keys, 0o600) == 0)
        let (ending, said) = try daemon.startRefused()
        #expect(ending == .exited(1))
        expectOneSentence(said, "--keys -")
    }

    @Test(
        "root's file of mode 440 for the group that it runs as, and 444 for nobody",
        .enabled(if: geteuid() == 0, "only root runs programs as others"))
    func group() throws {
        daemon.launcher = [
            try Program.tool("setpriv", package: "util-linux"), "--reuid", "12345", "--regid",
            "12345", "--clear-groups",
        ]
        #expect(chmod(daemon.directory.path, 0o755) == 0)
        #expect(chown(daemon.directory.path, 12_345, 12_345) == 0)
        for (mode, isTaken, word) in [
            (0o440, true, ""), (0o400, false, "user 12345, who runs this, may not open it"),
            (0o444, false, "440 for a group"),
        ] {
            try daemon.writeKey(line, mode: mode_t(mode))
            #expect(chown(daemon.keys, 0, 12_345) == 0)
            if isTaken {
                try serves()
            } else {
                let (ending, said) = try daemon.startRefused()
                #expect(ending == .exited(1))
                expectOneSentence(said, word)
            }
        }
        // A group that it is in beside its own, as Kubernetes' fsGroup is.
        daemon.launcher = daemon.launcher.dropLast() + ["--groups", "23456"]
        try daemon.writeKey(line, mode: 0o440)
        #expect(chown(daemon.keys, 0, 23_456) == 0)
        try serves()
    }
}
