// `totpctl import` against the real daemon: what comes in, what is said of the rest, and with which
// exit status. A dry run says what a run does.

import DaemonHarness
import Foundation
import OneTimeCodes
import Patience
import Testing

@Suite("totpctl import", .waits)
struct ControlImportTests {
    private let daemon: DaemonProcess
    private static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    init() throws { daemon = try DaemonProcess.ready() }

    private func control(_ arguments: String...) throws -> (status: Child.Ending, printed: String) {
        try daemon.controlled(arguments)
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = daemon.directory.path(of: name)
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test("imports what is right, lists what is wrong by row, and does no more the second time")
    func imports() throws {
        let list = try file(
            "list.csv",
            """
            user,secret,last_step
            ada,\(Self.secret),1
            bob,short,
            cy,\(Self.secret),
            ada,\(Self.secret),
            di,\(Self.secret),999999999999

            """)
        let dry = try control("import", list, "--dry-run")
        #expect(dry.status == .exited(2))
        #expect(
            dry.printed.contains("2 accounts could come in, 3 rows are wrong"), "\(dry.printed)")
        #expect(dry.printed.contains("of 5\n") && dry.printed.contains("users: \"ada\", \"cy\""))
        #expect(dry.printed.contains("row 6: bad_request: field 'last_step'"))
        #expect(try control("show", "ada").printed.contains("none"))

        for _ in 0..<2 {
            let result = try control("import", list)
            #expect(result.status == .exited(2))
            #expect(result.printed.contains("2 accounts are in, 3 rows"), "\(result.printed)")
            #expect(result.printed.contains("row 3: secret"))
            #expect(result.printed.contains("row 5: user: this user is in an earlier row"))
            #expect(result.printed.contains("row 6: bad_request: field 'last_step'"))
            #expect(!result.printed.contains(Self.secret) && !result.printed.contains("short"))
        }
        let again = try control("import", list, "--dry-run").printed
        #expect(again.contains("2 of them are there already"), "\(again)")
        let cy = try Person("cy", secret: Self.secret)
        #expect(try daemon.ask(cy.verifying(cy.code())).ok)
        #expect(try daemon.check().ending == .exited(0))
    }

    @Test("writes a report of every row, to a file that was not there")
    func report() throws {
        let list = try file(
            "list.txt", "ada otpauth://totp/x?secret=\(Self.secret)\nbob otpauth://hotp/x\n")
        let report = daemon.directory.path(of: "report")
        #expect(
            try control("import", list, "--format", "otpauth", "--report", report).status
                == .exited(2))
        let text = try String(contentsOfFile: report, encoding: .utf8)
        #expect(text == "1\tin\n2\tout\tonly TOTP is supported, not 'hotp'\n")
        let again = try control("import", list, "--format", "otpauth", "--report", report)
        #expect(again.status == .exited(1) && again.printed.contains("report"))
    }

    @Test("replaces only when told to, and only after asking")
    func replaces() throws {
        let ada = try daemon.imported("ada")
        let list = try file("list.csv", "user,secret\nada,\(Self.secret)\n")
        #expect(try control("import", list).printed.contains("row 2: already_enrolled"))
        let dry = try control("import", list, "--dry-run")
        #expect(dry.status == .exited(2) && dry.printed.contains("1 have another factor, or"))
        let replacing = try control("import", list, "--replace", "--dry-run")
        #expect(replacing.status == .exited(0))
        #expect(replacing.printed.contains("which would be replaced"), "\(replacing.printed)")
        #expect(try daemon.ask(ada.verifying(ada.wrongCode())).error == "wrong_code")
        #expect(try control("import", list, "--replace").status == .exited(64))
        #expect(try control("import", list, "--replace", "--yes").status == .exited(0))
        #expect(try daemon.ask(ada.verifying(ada.code())).error == "wrong_code")
    }

    @Test("a daemon that is gone in the middle of an import is told of, with the row")
    func brokenOff() throws {
        let rows = (0..<20_000).map { "u\($0),\(Self.secret)" }.joined(separator: "\n")
        let list = try file("list.csv", "user,secret\n\(rows)\n")
        let tool = try Child(
            Program.path("totpctl"), ["import", list, "--socket", daemon.adminSocket],
            environment: Program.environment())
        // Some are in; the rest will not be.
        let first = try Person("u5", secret: Self.secret)
        while try daemon.ask(#"{"op":"status","user":"u5"}"#).enrolled != true {}
        try daemon.kill()
        let ending = try tool.wait()
        try daemon.start()
        if ending == .exited(1) {
            #expect(tool.complaints.contains("may be missing"), "\(tool.complaints)")
            #expect(try control("import", list).status == .exited(0))
        }
        #expect(try daemon.ask(first.verifying(first.code())).ok)
        #expect(try control("show", "u19999").printed.contains("since 20"))
        #expect(try daemon.check().ending == .exited(0))
    }

    @Test("a separator in front of a link is no part of a user")
    func separators() throws {
        let link = "otpauth://totp/Example:5001?secret=\(Self.secret)&issuer=Example"
        for separator in [",", ";", "|", ":", ", ", "\",\""] {
            let list = try file("list.txt", "5001\(separator)\(link)\n")
            for option in ["--dry-run", "--yes"] {
                let result = try control("import", list, option)
                #expect(result.status == .exited(2) && result.printed.contains("row 1: "))
            }
        }
        #expect(try control("users").printed.isEmpty)
    }

    @Test("a file without a row, of another program, or broken at its end brings nothing in")
    func noList() throws {
        for (text, words) in [
            ("", "it has no rows"), ("user,secret\n", "it has no rows"),
            ("[\n\"x\"\n]\n", "this looks like a JSON array"),
            ("4015,\(Self.secret)\n", "this looks like csv without a header"),
            ("user,secret\nada,\(Self.secret)\nbob,\"\(Self.secret)\n", "is never closed"),
        ] {
            let list = try file("list", text)
            for option in ["--dry-run", "--yes"] {
                let result = try control("import", list, option)
                #expect(result.status == .exited(2) && result.printed.contains(words))
                #expect(!result.printed.contains(Self.secret))
            }
        }
        #expect(try control("import", daemon.directory.path(of: "none")).status == .exited(1))
        #expect(try control("users").printed.isEmpty)
    }

    @Test("an app that is not configured is refused, unless it is wanted so")
    func unknownApp() throws {
        let list = try file(
            "list.csv", "user,secret,app\nada,\(Self.secret),\nbob,\(Self.secret),shop\n")
        let bare = try control("import", list)
        #expect(bare.status == .exited(2))
        #expect(bare.printed.contains("row 3: app: the configuration names no such app"))
        let other = try control("import", list, "--app", "blog", "--dry-run")
        #expect(other.status == .exited(2))
        #expect(other.printed.contains("names no app 'blog', but default"), "\(other.printed)")
        let wanted = try control("import", list, "--app", "blog", "--any-app")
        #expect(wanted.status == .exited(0), "\(wanted.printed)")
        #expect(try control("show", "ada", "--app", "blog").printed.contains("since 20"))
        #expect(try control("show", "bob", "--app", "shop").printed.contains("since 20"))
    }

    @Test("a pipe is read to its end, and what cannot be read is named as it is")
    func pipes() throws {
        let pipe = daemon.directory.path(of: "pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let rows = (0..<5_000).map { "u\($0),\(Self.secret)\n" }.joined()
        let list = try file("list.csv", "user,secret\n\(rows)")
        let words = "cat '\(list)' > '\(pipe)' & exec \"$0\" import \"$@\""
        for source in [pipe, "/dev/stdin", "-"] {
            let input = source == pipe ? words : "exec \"$0\" import \"$@\" < '\(list)'"
            let child = try Child(
                "/bin/sh",
                ["-c", input, Program.path("totpctl"), source, "--socket", daemon.adminSocket],
                environment: Program.environment())
            #expect(try child.wait() == .exited(0), "\(source): \(child.complaints)")
            #expect(child.printed.contains("5000 accounts are in"))
        }
        for (name, words) in [("none", "No such file"), (".", "Is a directory")] {
            let refused = try control("import", daemon.directory.path(of: name))
            #expect(refused.status == .exited(1) && refused.printed.contains(words))
        }
    }

    @Test("users that Swift takes for one are two, and come in as two")
    func bytes() throws {
        let rows = ["jürgen", "ju\u{308}rgen"].map { "\($0),\(Self.secret)\n" }.joined()
        let list = try file("list.csv", "user,secret\n" + rows)
        let result = try control("import", list)
        #expect(result.status == .exited(0) && result.printed.contains("2 accounts are in"))
    }

    @Test("who could not log in, because totpd's clock was ahead once, is named by dry run and run")
    func behind() throws {
        let ada = try daemon.imported("ada")
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        try daemon.stop()
        daemon.environment = [
            "LD_PRELOAD": try Preload.library(Preload.clock, for: daemon), "CLOCK_OFFSET": "-3600",
        ]
        try daemon.start()
        let rows = [("ada", ada.secret), ("bob", Self.secret)].map { "\($0),\($1)\n" }.joined()
        let list = try file("list.csv", "user,secret\n" + rows)
        for (option, words) in [("--dry-run", "would be taken for"), ("--yes", "is taken for")] {
            let result = try control("import", list, option)
            #expect(result.status == .exited(2))
            #expect(result.printed.contains("row 2: warning: no code of it \(words) 3"))
            #expect(!result.printed.contains("row 3: "), "\(result.printed)")
            #expect(result.printed.contains("1 of them c"), "\(result.printed)")
        }
    }

    @Test("what looks like the backup of a program is taken only once somebody agreed")
    func backups() throws {
        let info = #"{"secret":"\#(Self.secret)","algo":"SHA1","digits":6,"period":30}"#
        let entry = #"{"type":"totp","name":"ada","issuer":"x","info":\#(info)}"#
        let db = #"{"version":3,"entries":[\#(entry)]}"#
        let list = try file("list.json", #"{"version":1,"header":{},"db":\#(db)}"#)
        let words = "was read as a vault of Aegis; the first users: \"ada\""
        let dry = try control("import", list, "--dry-run")
        #expect(dry.status == .exited(0) && dry.printed.contains(words), "\(dry.printed)")
        let unasked = try control("import", list)
        #expect(unasked.status == .exited(64) && unasked.printed.contains(words))
        #expect(try control("users").printed.isEmpty)
        #expect(try control("import", list, "--format", "aegis").status == .exited(0))
        #expect(try control("import", list, "--yes").status == .exited(0))
        #expect(try control("show", "ada").printed.contains("since 20"))
    }

    @Test("a dry run without a daemon looks at the rows, and says what it could not ask")
    func nobody() throws {
        try daemon.stop()
        let list = try file("list.csv", "user,secret\nada,\(Self.secret)\nbob,x\n")
        let dry = try control("import", list, "--dry-run")
        #expect(dry.status == .exited(1))
        #expect(dry.printed.contains("row 3: secret") && dry.printed.contains("1 accounts could"))
        #expect(dry.printed.contains("only the rows were checked"), "\(dry.printed)")
        let run = try control("import", list)
        #expect(run.status == .exited(1) && !run.printed.contains("row 3"))
    }

    /// Runs a program on a terminal, and prints all that it showed.
    private static let terminal = """
        import os, pty, sys
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(sys.argv[1], sys.argv[1:])
        shown = b""
        while True:
            try:
                shown += os.read(terminal, 1024)
            except OSError:
                break
        sys.stdout.write(shown.decode())
        """

    @Test("on a terminal the bar gives way to what is reported, and knows the total")
    func terminal() throws {
        let rows = (1...3_000).map { "u\($0),\($0 == 2_100 ? "x" : Self.secret)\n" }.joined()
        let list = try file("list.csv", "user,secret\n" + rows)
        let child = try Child(
            "/usr/bin/python3",
            [
                "-c", Self.terminal, Program.path("totpctl"), "import", list, "--dry-run",
                "--socket", daemon.adminSocket,
            ], environment: Program.environment())
        #expect(try child.wait() == .exited(0))
        #expect(child.printed.contains("of 3000"), "\(child.printed)")
        let shown = child.printed.split(whereSeparator: \.isNewline).map {
            $0.split(separator: "\u{1b}[K").last
        }
        #expect(shown.contains { $0?.hasPrefix("row 2101: secret") == true }, "\(child.printed)")
        #expect(shown.contains { $0?.hasPrefix("2999 accounts could come in, 1 rows") == true })
    }
}
