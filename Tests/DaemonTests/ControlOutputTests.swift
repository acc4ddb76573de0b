// What totpctl says with its status when what it had to say could not be written: a page that ends
// amid a list, a hint how to go on, a report that is full.

import DaemonHarness
import Foundation
import Scratch
import SeededRandom
import Testing

@Suite("What totpctl could not write")
struct ControlOutputTests {
    private let daemon: DaemonProcess
    private static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    init() throws { daemon = try DaemonProcess.ready() }

    private func run(_ arguments: [String], _ words: String = "") throws -> Child {
        let needsDaemon = !["keygen", "help", "--version"].contains(arguments.first ?? "help")
        let child = try Child(
            "/bin/sh",
            ["-c", #"trap "" PIPE; exec "$0" "$@" \#(words)"#, Program.path("totpctl")]
                + arguments + (needsDaemon ? ["--socket", daemon.adminSocket] : []),
            environment: Program.environment())
        _ = try child.wait()
        return child
    }

    private func list(_ text: String) throws -> String {
        let path = daemon.directory.path(of: "list.csv")
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test("is no success, whatever the subcommand and whichever output")
    func everyCommand() throws {
        try daemon.admit(Person.many(3, "ada"))
        let good = try list("user,secret\nbob,\(Self.secret)\n")
        for arguments in [
            [], ["help"], ["--version"], ["keygen"], ["status"], ["doctor"], ["apps"], ["users"],
            ["users", "--limit", "1"], ["users", "--json"], ["show", "ada0"], ["show", "nobody"],
            ["events"], ["events", "--limit", "1"], ["stats"],
            ["stats", "--metrics", "openmetrics"],
            ["sources"], ["check"], ["import", good, "--dry-run"], ["import", good],
            ["import", "/nowhere"], ["unlock", "ada0"], ["rotate-key", "record"], ["users", "--x"],
        ] {
            let whole = try run(arguments)
            let status = try whole.wait()
            for words in ["> /dev/full", ">&-"] {
                let ending = try run(arguments, words).wait()
                #expect(
                    ending == (whole.printed.isEmpty ? status : .exited(1)), "\(arguments) \(words)"
                )
            }
            for words in ["2> /dev/full", "2>&-"] {
                let ending = try run(arguments, words).wait()
                let isLost = status == .exited(0) && !whole.complaints.isEmpty
                #expect(ending == (isLost ? .exited(1) : status), "\(arguments) \(words)")
            }
        }
    }

    @Test("without a subcommand it does nothing, and that is no success")
    func bare() throws {
        let child = try Child(Program.path("totpctl"), [], environment: Program.environment())
        #expect(try child.wait() == .exited(64) && child.printed.isEmpty)
        #expect(child.complaints.hasPrefix("totpctl: a subcommand is expected"))
        #expect(child.complaints.contains("USAGE: totpctl <subcommand>"))
    }

    @Test(
        "an import goes on where its report is full, and says what the report lacks",
        .enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
    func fullReport() throws {
        let disk = try SmallDisk(bytes: 64 << 10)
        let rows = (1...30).map { "u\($0),\($0 == 30 ? "x" : Self.secret)\n" }.joined()
        let file = try list("user,secret\n" + rows)
        for option in ["--dry-run", "--any-app"] {
            try disk.fill()
            let report = "\(disk.path)/report\(option)"
            let child = try run(["import", file, option, "--report", report])
            #expect(try child.wait() == .exited(1))
            #expect(child.complaints.contains("row 31: secret"), "\(child.complaints)")
            #expect(child.complaints.contains("lacks the rows from 2 on (No space left"))
            #expect(child.printed.contains("1 rows are wrong or were refused, of 30"))
            try disk.free()
        }
        #expect(try run(["show", "u29"]).printed.contains("since 20"))
    }

    @Test(
        "a list without an end is refused once it is too long",
        .enabled(if: Rounds.isProof, "takes half a gigabyte"))
    func endless() throws {
        for source in ["import /dev/zero", "import - < /dev/zero"] {
            let child = try Child(
                "/bin/sh", ["-c", "exec \"$0\" \(source)", Program.path("totpctl")],
                environment: Program.environment())
            #expect(try child.wait() == .exited(2))
            #expect(child.complaints.contains("it has more than 512 MiB"), "\(child.complaints)")
        }
    }

    @Test("a copy that is damaged is a problem, and leaves no state directory where none was")
    func damagedCopy() throws {
        _ = try daemon.imported("ada")
        let copy = daemon.directory.path(of: "copy")
        #expect(try run(["backup", copy]).wait() == .exited(0))
        let file = URL(filePath: copy + "/data.mdb")
        let whole = try Data(contentsOf: file)
        for bytes in [
            whole.prefix(whole.count / 2), Data("hello".utf8), Data(repeating: 0, count: 65_536),
        ] {
            try bytes.write(to: file)
            let state = daemon.directory.path(of: "new")
            let keys = ["--keys", daemon.keys]
            let restored = try daemon.control(
                ["restore", copy, "--state", state, "--keep-backup-codes", "--yes"] + keys)
            #expect(restored.ending == .exited(2), "\(restored.printed)")
            #expect(restored.printed.contains("nothing was changed"))
            #expect(!FileManager.default.fileExists(atPath: state))
            let checked = try daemon.control(["check", "--state", copy] + keys)
            #expect(checked.ending == .exited(2), "\(checked.printed)")
        }
        let elsewhere = try daemon.control(
            ["check", "--state", daemon.directory.path(of: "no"), "--keys", daemon.keys])
        #expect(elsewhere.ending == .exited(1))
    }

    @Test(
        "a restore that finds no room leaves no state directory where none was",
        .enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
    func noRoom() throws {
        _ = try daemon.imported("ada")
        let copy = daemon.directory.path(of: "copy")
        #expect(try run(["backup", copy]).wait() == .exited(0))
        let disk = try SmallDisk(bytes: 64 << 10)
        for free in [0, 4096, 16384] {
            try disk.fill()
            if free > 0 { try disk.free(bytes: free) }
            let restored = try daemon.control([
                "restore", copy, "--state", disk.path + "/state", "--keep-backup-codes", "--yes",
                "--keys", daemon.keys,
            ])
            #expect(restored.ending == .exited(1), "\(free): \(restored.printed)")
            #expect(!FileManager.default.fileExists(atPath: disk.path + "/state"))
            try disk.free()
        }
    }
}
