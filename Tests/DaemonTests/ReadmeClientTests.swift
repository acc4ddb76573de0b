// The two clients that README.md shows, cut out of it and run against the real daemon: what people
// paste must work, and must say no to everything that is not a yes.

import DaemonHarness
import Foundation
import Testing

@Suite("The clients in README.md", .serialized)
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

        /// Prints `yes` or `no` for `second_factor(argument 1, argument 2, argument 3)`.
        var call: String {
            switch self {
            case .python:
                return """

                    import sys
                    print("yes" if second_factor(*sys.argv[1:4]) else "no")
                    """
            case .php:
                return """

                    echo second_factor($argv[1], $argv[2], $argv[3]) ? "yes" : "no", "\\n";
                    """
            }
        }
    }

    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    /// The one code block of a language.
    private func client(_ language: Language) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let blocks = readme.components(separatedBy: "```\(language.rawValue)\n").dropFirst()
        #expect(blocks.count == 1, "README.md shows one client in \(language.rawValue)")
        let block = try #require(blocks.first)
        return try #require(block.components(separatedBy: "\n```").first)
    }

    private func ask(_ language: Language, _ code: String, socket: String? = nil) throws -> String {
        let script = daemon.directory.path(of: "client.\(language.rawValue)")
        try (client(language) + language.call)
            .write(toFile: script, atomically: true, encoding: .utf8)
        let (name, package) = language.program
        let child = try Child(
            Program.tool(name, package: package),
            [script, "ada", code, socket ?? daemon.socket], environment: Program.environment())
        #expect(try child.wait() == .exited(0), "\(child.complaints)")
        #expect(child.complaints == "")
        return child.printed.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("say yes to a right code once, and no to all else", arguments: Language.allCases)
    func answers(_ language: Language) throws {
        let ada = try Person("ada")
        try #expect(daemon.askAsAdmin(ada.importing).ok)
        try #expect(ask(language, ada.wrongCode()) == "no")
        let code = ada.code()
        try #expect(ask(language, code) == "yes")
        try #expect(ask(language, code) == "no")
        try #expect(ask(language, "not a code") == "no")
    }

    @Test("say no when totpd is not there", arguments: Language.allCases)
    func nobodyAnswers(_ language: Language) throws {
        try #expect(ask(language, "123456", socket: "/nonexistent/totpd.sock") == "no")
        try daemon.kill()
        try #expect(ask(language, "123456") == "no")
    }
}
