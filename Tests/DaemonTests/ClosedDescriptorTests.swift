// Programs that are started without standard input, output or error, as some supervisors and
// scripts do: the store, a key file or a socket must not get what is meant for people.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("Without standard descriptors", .waits)
struct ClosedDescriptorTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess() }

    /// With those descriptors closed that the shell's words close.
    private func closing(_ words: String, _ program: String, _ arguments: [String]) throws -> Child
    {
        try Child(
            "/bin/sh",
            ["-c", #"trap "" PIPE; exec "$0" "$@" \#(words)"#, Program.path(program)] + arguments,
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
        #expect(try child.wait() == .exited(1))
        #expect(child.complaints.contains("the output could not be written"))
        let admin = try daemon.connectAsAdmin()
        try admin.send(#"{"op":"stats"}"#)
        let stats = try #require(try admin.receive())
        #expect(!stats.contains(#""none""#), "the daemon got what was no request")
    }

    static let asked: [(String, [String])] = [
        ("totpctl", ["--help"]), ("totpctl", ["--version"]), ("totpctl", ["help", "import"]),
        ("totpctl", ["import", "--help"]), ("totpctl", ["--generate-completion-script", "bash"]),
        ("totpctl", ["keygen"]), ("totpd", ["--help"]), ("totpd", ["--version"]),
    ]

    /// Closed, full, and a pipe that nobody reads.
    static let unwritable = [
        ">&-", "> /dev/full", "5<> pipe 6> pipe 5<&- >&6 6>&-",
    ]

    @Test("help, versions and keys that could not be printed are no success", arguments: asked)
    func unprinted(_ program: String, _ arguments: [String]) throws {
        let pipe = daemon.directory.path(of: "pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        for words in Self.unwritable {
            let child = try closing(
                words.replacingOccurrences(of: "pipe", with: "'\(pipe)'"), program, arguments)
            #expect(try child.wait() == .exited(1), "\(words)")
            let complaints = child.complaints.split(separator: "\n")
            #expect(complaints.count == 1, "\(child.complaints)")
            #expect(complaints.first?.hasPrefix("\(program): the output could not be") == true)
        }
        let child = try closing("", program, arguments)
        #expect(try child.wait() == .exited(0))
        #expect(!child.printed.isEmpty && child.complaints.isEmpty)
    }

    @Test("the health that could not be printed is told by the status, and in words")
    func unprintedHealth() throws {
        try daemon.start()
        for command in ["status", "doctor"] {
            let child = try closing(
                "> /dev/full", "totpctl", [command, "--socket", daemon.adminSocket])
            #expect(try child.wait() == .exited(1))
            #expect(child.complaints.contains("totpctl: the output could not be written"))
        }
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
