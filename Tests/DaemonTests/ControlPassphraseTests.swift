// totpctl asks for a passphrase on a terminal: typed without an echo, corrected, and given up with
// ^C. Afterwards the terminal shows again what is typed.

import DaemonHarness
import Foundation
import Patience
import Scratch
import Testing

@Suite("totpctl asks for a passphrase", .waits)
struct ControlPassphraseTests {
    private let daemon: DaemonProcess
    private let place: TemporaryDirectory

    init() throws {
        daemon = try DaemonProcess.ready()
        place = try TemporaryDirectory()
    }

    /// Plays a person at a terminal, who answers each question; prints how it ended, whether the
    /// terminal shows what is typed, and all that it showed.
    private static let person = """
        import os, pty, sys, termios
        answers = [answer.encode() for answer in sys.argv[1].split("|")]
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(sys.argv[2], sys.argv[2:])
        shown = b""
        while True:
            try:
                part = os.read(terminal, 1024)
            except OSError:
                break
            shown += part
            if answers and part.endswith(b": "):
                os.write(terminal, answers.pop(0))
            is_shown = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), is_shown, shown)
        """

    private func export(_ answers: String, to path: String) throws -> String {
        let child = try Child(
            "/usr/bin/python3",
            [
                "-c", Self.person, answers, Program.path("totpctl"), "export", path, "--socket",
                daemon.adminSocket,
            ], environment: Program.environment())
        #expect(try child.wait() == .exited(0))
        return child.printed
    }

    @Test("shows none of it, and takes what was mended")
    func typed() throws {
        _ = try daemon.imported("ada")
        let path = place.path(of: "accounts")
        let long = String(repeating: "x", count: 30) + "\u{15}"
        let shown = try export(
            "\(long)correct horse battery staplé\u{7F}e\n|correct horse battery staple\n", to: path)
        #expect(shown.hasPrefix("0 True "))
        #expect(shown.contains("1 accounts in") && !shown.contains("horse"))
    }

    @Test("takes nothing when the two passphrases differ, or at an end without a word")
    func differs() throws {
        let path = place.path(of: "accounts")
        let differing = try export("correct horse battery\n|correct horse battery?\n", to: path)
        #expect(differing.hasPrefix("1 True ") && differing.contains("the two passphrases differ"))
        let ended = try export("\u{4}", to: path)
        #expect(ended.hasPrefix("1 True ") && ended.contains("no passphrase was typed"))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("ends with ^C, and leaves the terminal as it was")
    func interrupted() throws {
        let path = place.path(of: "accounts")
        #expect(try export("half a pass\u{3}", to: path).hasPrefix("-2 True "))
        #expect(try export("a whole one, then\n|\u{3}", to: path).hasPrefix("-2 True "))
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
