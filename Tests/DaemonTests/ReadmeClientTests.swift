// The examples of README.md, cut out of it and run against the real daemon: they work as pasted,
// and say no to everything that is not a yes.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("What README.md shows", .serialized, .waits)
struct ReadmeClientTests {
    enum Language: String, CaseIterable, CustomTestStringConvertible {
        case python
        case php

        var testDescription: String { rawValue }

        var program: (name: String, package: String) {
            switch self {
            case .python: return ("python3", "python3")
            case .php: return ("php", "php-cli")
            }
        }

        /// The file that README says to copy.
        var client: String {
            switch self {
            case .python: return "totpd.py"
            case .php: return "totpd.php"
            }
        }

        /// Prints `yes` or `no` for a user and a code.
        var call: String {
            switch self {
            case .python:
                return """

                    import sys
                    print("yes" if is_right(sys.argv[1], sys.argv[2], "203.0.113.7") else "no")
                    """
            case .php:
                return """

                    echo is_right($argv[1], $argv[2], "203.0.113.7") ? "yes" : "no", "\\n";
                    """
            }
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    /// The one code block of a language, in the section with this heading.
    private func block(_ language: String, in heading: String) throws -> String {
        let readme = try String(
            contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
        let section = try #require(
            readme.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
        let blocks = section.components(separatedBy: "```\(language)\n").dropFirst()
        #expect(blocks.count == 1, "'\(heading)' has one block in \(language)")
        return try #require(blocks.first?.components(separatedBy: "\n```").first)
    }

    /// Runs a program in a folder with the client beside it, as README says.
    private func run(
        _ language: Language, _ more: String, _ arguments: [String], socket: String? = nil
    ) throws -> String {
        let script = daemon.directory.path(of: "app.\(language.rawValue)")
        let client = daemon.directory.path(of: language.client)
        if !FileManager.default.fileExists(atPath: client) {
            try FileManager.default.copyItem(
                at: Self.root.appending(path: "Examples/clients/\(language.client)"),
                to: URL(filePath: client))
        }
        try block(language.rawValue, in: "A login in your language")
            .replacing("/run/totpd/totpd.sock", with: socket ?? daemon.socket).appending(more)
            .write(toFile: script, atomically: true, encoding: .utf8)
        let (name, package) = language.program
        let child = try Child(
            Program.tool(name, package: package), [script] + arguments,
            environment: Program.environment(["PYTHONDONTWRITEBYTECODE": "1"]))
        #expect(try child.wait() == .exited(0), "\(child.complaints)")
        #expect(child.complaints == "")
        return child.printed.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func ask(_ language: Language, _ code: String, socket: String? = nil) throws -> String {
        try run(language, language.call, ["ada", code], socket: socket)
    }

    @Test("the session ends with ten backup codes, a yes, and a code that was used")
    func session() throws {
        for (tool, package) in [("socat", "socat"), ("jq", "jq"), ("oathtool", "oathtool")] {
            _ = try Program.tool(tool, package: package)
        }
        let pasted = try block("sh", in: "Try it")
            .replacing(".totpd/totpd.sock", with: daemon.socket)
        #expect(pasted.components(separatedBy: "\n").count == 5, "a session of five lines")
        let shell = try Child("/bin/bash", ["-euc", pasted], environment: Program.environment())
        #expect(try shell.wait() == .exited(0), "\(shell.complaints)")
        let replies = shell.printed.split(separator: "\n")
        try #require(replies.count == 3, "\(replies)")
        #expect(replies[0].hasPrefix(#"{"ok":true,"backup_codes":["#))
        #expect(replies[1] == #"{"ok":true,"method":"totp","backup_codes_left":10}"#)
        #expect(replies[2].hasPrefix(#"{"ok":false,"error":"replayed""#))
    }

    @Test("the clients say yes to a right code once, else no", arguments: Language.allCases)
    func answers(_ language: Language) throws {
        let ada = try Person("ada")
        try #expect(daemon.askAsAdmin(ada.importing).ok)
        try #expect(ask(language, ada.wrongCode()) == "no")
        let code = ada.code()
        try #expect(ask(language, code) == "yes")
        try #expect(ask(language, code) == "no")
        try #expect(ask(language, "not a code") == "no")
    }

    @Test("the clients say no when totpd is not there", arguments: Language.allCases)
    func nobodyAnswers(_ language: Language) throws {
        try #expect(ask(language, "123456", socket: "/nonexistent/totpd.sock") == "no")
        try daemon.kill()
        try #expect(ask(language, "123456") == "no")
    }

    @Test("only a clear answer spares the code")
    func needsCode() throws {
        let call = """

            import sys
            print("ask" if needs_code(sys.argv[1]) else "in")
            """
        let ada = try Person("ada")
        try #expect(run(.python, call, ["ada"]) == "in")
        try #expect(daemon.askAsAdmin(ada.importing).ok)
        try #expect(run(.python, call, ["ada"]) == "ask")
        try daemon.kill()
        try #expect(run(.python, call, ["ada"]) == "ask")
        try #expect(run(.python, call, ["nobody"]) == "ask")
    }
}
