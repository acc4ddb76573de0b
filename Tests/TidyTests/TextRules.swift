// What no text of the project may say, and what lies at its top.

import Testing

extension Rule {
    static let texts = [ownPaths]

    /// Put together so that this file does not name what it forbids.
    private static let foreignPaths = ["wor" + "k", "far" + "m"].map { "/" + $0 + "/" }

    static let ownPaths = Rule(
        name: "the project names no path of the machine it was written on",
        broken: foreignPaths.map { SourceFile("README.md", "see \($0)main") },
        kept: [SourceFile("README.md", "see /run/totpd/totpd.sock and /var/lib/totpd")],
        check: { file in
            file.lines.indices.filter { index in
                foreignPaths.contains { file.lines[index].contains($0) }
            }.map { file.violation(at: $0, "a path of somebody's machine") }
        })
}

@Suite("The top of the project")
struct TopLevelTests {
    private static let required: Set<String> = [
        "Package.swift", "Sources", "Tests", "systemd", "protocol.md", "README.md", "Makefile",
        "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "docs", ".ci",
        ".swift-format", ".gitignore",
    ]
    private static let allowed = required.union(["Examples"])

    private static func missing(_ entries: [String]) -> [String] {
        required.subtracting(entries).sorted()
    }

    private static func unexpected(_ entries: [String]) -> [String] {
        entries.filter { !allowed.contains($0) && !SourceTree.isKeptOut($0) }.sorted()
    }

    @Test("has what belongs there")
    func complete() {
        #expect(Self.missing(SourceTree.topLevel) == [])
        #expect(Self.missing(["Package.swift"]).contains("README.md"))
    }

    @Test("has nothing else")
    func tidy() {
        #expect(Self.unexpected(SourceTree.topLevel) == [])
        #expect(Self.unexpected(["README.md", "notes.txt", ".build-tsan"]) == ["notes.txt"])
    }
}
