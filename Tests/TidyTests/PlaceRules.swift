// Where a reader finds a type: in the file of its name, in a folder that one look takes in.

import Testing

extension Rule {
    static let places = [typesInTheirFiles]

    static let typesInTheirFiles = Rule(
        name: "a type at the top of a file has the file's name, or is private",
        broken: [
            source("Reply", "package struct Hello: Sendable {"),
            source("Reply", "// Why.\npackage enum Reply {}\n\nfinal class Writer<Value> {}"),
            source("Reply", "@Observable(1) package final class Hello {"),
            source("Reply+Fields", "struct Reply {}"),
            source("Replies", "protocol Reply {}"),
        ],
        kept: [
            source("Reply", "package indirect enum Reply: Sendable {\n    struct Hello {}\n}"),
            source("Reply", "private struct Hello {}\n\nfileprivate final class Bye {}"),
            source("Reply+Fields", "extension Reply {\n    struct Hello {}\n}\n\nfunc reply() {}"),
            source("Reply", "import struct Wire.Hello\n// struct Hello {}\nlet text = \"enum A\""),
            SourceFile("Tests/WireTests/ReplyTests.swift", "struct Hello {}"),
        ],
        check: { file in
            guard file.isSource, file.isSwift else { return [] }
            return file.misplacedTypes.map {
                file.violation(at: $0.line, "\($0.name) has no file of its own")
            }
        })

    private static func source(_ stem: String, _ text: String) -> SourceFile {
        SourceFile("Sources/Wire/\(stem).swift", text)
    }
}

extension SourceFile {
    /// `Reply+Fields` for `Sources/Wire/Reply+Fields.swift`.
    private var stem: Substring { name.dropLast(".swift".count) }

    fileprivate var misplacedTypes: [(name: Substring, line: Int)] {
        typesAtTheTop.filter { $0.name != stem }
    }

    /// Those that another file can name.
    private var typesAtTheTop: [(name: Substring, line: Int)] {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "actor"]
        let others: Set<Substring> = [
            "import", "extension", "func", "let", "var", "typealias", "macro", "operator",
        ]
        return code.indices.compactMap { index in
            guard let first = code[index].first, !first.isWhitespace else { return nil }
            let words = Word.all(in: code[index])
            guard let kind = words.firstIndex(where: { kinds.contains($0.text) }),
                kind + 1 < words.count
            else { return nil }
            let before = words[..<kind]
            let isPrivate = before.contains { ["private", "fileprivate"].contains($0.text) }
            let isAnother = before.contains { others.contains($0.text) }
            return isPrivate || isAnother ? nil : (words[kind + 1].text, index)
        }
    }
}

@Suite("Folders of Sources")
struct FolderTests {
    private static let sources = SourceTree.files.filter { $0.isSource && $0.isSwift }

    private static func crowded(_ files: [SourceFile]) -> [String] {
        Dictionary(grouping: files) { $0.path.dropLast($0.name.count) }
            .filter { $0.value.count > Limits.folderFiles }
            .map { "\($0.key) has \($0.value.count) files" }.sorted()
    }

    private static func twins(_ files: [SourceFile]) -> [String] {
        Dictionary(grouping: files) { "\($0.module ?? ""): \($0.name)" }
            .filter { $0.value.count > 1 }.map(\.key).sorted()
    }

    private static func files(_ count: Int, in folder: String) -> [SourceFile] {
        (0..<count).map { SourceFile("Sources/\(folder)/File\($0).swift", "") }
    }

    @Test("hold no more files than one look takes in")
    func notCrowded() {
        #expect(Self.crowded(Self.sources) == [])
        let most = Limits.folderFiles
        #expect(Self.crowded(Self.files(most + 1, in: "Wire")) == ["Sources/Wire/ has 25 files"])
        // A folder inside a folder counts apart.
        let apart = Self.files(most, in: "Wire") + Self.files(most, in: "Wire/Replies")
        #expect(Self.crowded(apart) == [])
    }

    @Test("name a file once in a module")
    func unique() {
        #expect(Self.twins(Self.sources) == [])
        let twice = ["Wire", "Wire/Replies", "Store"].flatMap { Self.files(1, in: $0) }
        #expect(Self.twins(twice) == ["Wire: File0.swift"])
    }
}
