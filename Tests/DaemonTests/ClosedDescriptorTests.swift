// Programs that are started without standard input, output or error, as some supervisors and
// scripts do: the store, a key file or a socket must not get what is meant for people.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("Without standard descriptors")
struct ClosedDescriptorTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess() }

    /// With those descriptors closed that the shell's words close.
    private func closing(_ words: String, _ program: String, _ arguments: [String]) throws -> Child
    {
        try Child(
            "/bin/sh", ["-c", #"exec "$0" "$@" \#(words)"#, Program.path(program)] + arguments,
            environment: Program.environment())
    }

    @Test("the daemon opens nothing in their place, and serves")
    func served() throws {
        daemon.launcher = ["/bin/sh", "-c", #"exec "$0" "$@" <&- >&- 2>&-"#]
        try daemon.launch()
        // Nobody says when it is ready.
        try eventually("an answer") {
            do {
                return try daemon.ask(#"{"op":"hello"}"#).ok
            } catch is HarnessFault {
                return false
            }
        }
        for number in 0...2 {
            let file = try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(daemon.pid)/fd/\(number)")
            #expect(file == "/dev/null")
        }
        #expect(try daemon.stop() == .exited(0))
        #expect(try daemon.check().ending == .exited(0))
    }

    @Test(
        "what totpctl could not print is told by its status, and nobody else gets it",
        arguments: ["status", "users", "apps", "stats", "events", "keygen"])
    func silent(_ command: String) throws {
        try daemon.start()
        var arguments = [command]
        if command != "keygen" { arguments += ["--socket", daemon.adminSocket] }
        _ = try daemon.imported("ada")
        let child = try closing(">&-", "totpctl", arguments)
        // What it could tell was no, perhaps; but it was not told.
        #expect(try [.exited(1), .exited(2)].contains(child.wait()))
        let admin = try daemon.connectAsAdmin()
        try admin.send(#"{"op":"stats"}"#)
        let stats = try #require(try admin.receive())
        #expect(!stats.contains(#""none""#), "the daemon got what was no request")
    }

    @Test(
        "an import whose report could not be printed says so", arguments: [">&-", "> /dev/full"])
    func imported(_ words: String) throws {
        try daemon.start()
        let list = daemon.directory.path(of: "list.csv")
        try "user,secret\nada,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n".write(
            toFile: list, atomically: true, encoding: .utf8)
        let arguments = ["import", list, "--socket", daemon.adminSocket]
        #expect(try closing(words, "totpctl", arguments).wait() == .exited(1))
    }

    @Test("a watch that cannot write an event ends, and says where to go on")
    func watched() throws {
        try daemon.start()
        let watch = try closing(
            "> /dev/full", "totpctl", ["watch", "--cursor", "0", "--socket", daemon.adminSocket])
        _ = try daemon.imported("ada")
        #expect(try watch.wait() == .exited(1))
        #expect(watch.complaints.contains("could not be written"))
        #expect(watch.complaints.contains("--cursor 0"))
    }
}
