// Small numbers: how wide a line, how long a file and a function, and how full a folder may be.

enum Limits {
    static let columns = 100
    static let fileLines = 300
    static let functionLines = 50
    static let folderFiles = 24
}

extension Rule {
    static let sizes = [columns, fileLength, functionLength]

    static let columns = Rule(
        name: "lines have at most \(Limits.columns) columns",
        broken: [
            SourceFile("Sources/Wire/Reply.swift", String(repeating: "é", count: 101)),
            SourceFile("Makefile", String(repeating: "x", count: 101) + "\n"),
        ],
        kept: [
            SourceFile("Sources/Wire/Reply.swift", String(repeating: "é", count: Limits.columns)),
            SourceFile("README.md", String(repeating: "|", count: 2 * Limits.columns)),
            SourceFile("Tests/Fixtures/long.h", String(repeating: "x", count: 2 * Limits.columns)),
        ],
        check: { file in
            guard file.hasLimitedColumns else { return [] }
            return file.lines.indices.filter { file.lines[$0].count > Limits.columns }.map {
                file.violation(at: $0, "\(file.lines[$0].count) columns")
            }
        })

    static let fileLength = Rule(
        name: "files have at most \(Limits.fileLines) lines",
        broken: [SourceFile("Sources/Wire/Reply.swift", newlines(Limits.fileLines + 1))],
        kept: [
            SourceFile("Sources/Wire/Reply.swift", newlines(Limits.fileLines)),
            SourceFile("protocol.md", newlines(2 * Limits.fileLines)),
        ],
        check: { file in
            guard file.hasLimitedColumns, file.lines.count > Limits.fileLines else { return [] }
            return [file.violation(at: Limits.fileLines, "\(file.lines.count) lines")]
        })

    static let functionLength = Rule(
        name: "functions have at most \(Limits.functionLines) lines",
        broken: [
            SourceFile("Sources/Wire/Reply.swift", function("func f()", Limits.functionLines + 1)),
            SourceFile("Sources/Wire/Reply.swift", function("init?(x: [Int])", 60)),
        ],
        kept: [
            SourceFile("Sources/Wire/Reply.swift", function("func f()", Limits.functionLines)),
            SourceFile("Sources/Wire/Reply.swift", function("struct F", 60)),
        ],
        check: { file in
            guard file.isSwift else { return [] }
            return Function.all(in: file).filter { $0.lineCount > Limits.functionLines }.map {
                file.violation(at: $0.firstLine, "\($0.lineCount) lines in this function")
            }
        })

    private static func newlines(_ count: Int) -> String {
        String(repeating: "\n", count: count)
    }

    private static func function(_ opening: String, _ lines: Int) -> String {
        opening + " {" + newlines(lines - 1) + "}\n"
    }
}

extension SourceFile {
    /// Code, scripts and units are read in editors; Markdown has tables, and fixtures are data.
    var hasLimitedColumns: Bool {
        if path.hasPrefix("Tests/Fixtures/") { return false }
        let endings = [".swift", ".h", ".c", ".modulemap"]
        return path == "Makefile" || path.hasPrefix(".ci/") || path.hasPrefix("systemd/")
            || endings.contains { path.hasSuffix($0) }
    }
}
