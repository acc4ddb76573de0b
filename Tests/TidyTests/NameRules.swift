// How files are named and how they begin.

extension Rule {
    static let names = [tellingNames, questions, firstSentence]

    static let tellingNames = Rule(
        name: "no file or folder is a drawer for anything",
        broken: [
            SourceFile("Sources/Wire/Utils.swift", ""),
            SourceFile("Sources/Helpers/Reply.swift", ""),
            SourceFile("Tests/WireTests/ReplyTestHelpers.swift", ""),
        ],
        kept: [SourceFile("Sources/Wire/Reply.swift", "")],
        check: { file in
            let drawers = ["util", "utils", "utilities", "helper", "helpers", "misc"]
            let endings = ["Util", "Utils", "Utilities", "Helper", "Helpers"]
            let parts = file.path.split(separator: "/")
            return parts.compactMap { $0.split(separator: ".").first }.filter { stem in
                drawers.contains(stem.lowercased()) || endings.contains { stem.hasSuffix($0) }
            }.map { file.violation(at: 0, "the name \($0)") }
        })

    static let questions = Rule(
        name: "a function that is named like a question changes nothing, and answers it",
        broken: [
            SourceFile("Sources/Store/Lane.swift", "mutating func isFull(_ id: Int) -> Bool {"),
            SourceFile("Sources/Store/Lane.swift", "    func isKept() {"),
            SourceFile("Sources/Store/Lane.swift", "    func hasEnded() throws(StoreFault) {}"),
        ],
        kept: [
            SourceFile("Sources/Store/Lane.swift", "    func isOver(at now: Instant) -> Bool {"),
            SourceFile("Sources/Store/Lane.swift", "    func isOver("),
            SourceFile("Sources/Store/Lane.swift", "mutating func issue() {"),
            SourceFile("Tests/StoreTests/LaneTests.swift", "    @Test func isReadOnce() {"),
        ],
        check: { file in
            guard file.isSwift, file.isSource else { return [] }
            let question = /\bfunc (is|are|was|were|has|had|may|can|needs|should)[A-Z]\w*/
            return file.code.indices.filter { index in
                let line = file.code[index]
                guard line.contains("func "), line.contains(question) else { return false }
                let isAnswered = line.contains("->") || !line.contains("{")
                return line.contains("mutating func") || !isAnswered
            }.map { file.violation(at: $0, "a question that acts") }
        })

    static let firstSentence = Rule(
        name: "every file starts with a sentence that says what it is for",
        broken: [
            SourceFile("Sources/Wire/Reply.swift", "import Accounts\n"),
            SourceFile("Sources/Wire/Reply.swift", "// Reply.\n"),
            SourceFile("Sources/Wire/Reply.swift", "// What the daemon says to a client\n"),
            SourceFile("Sources/Wire/Reply.swift", "/// What the daemon says to a client.\n"),
            SourceFile("Package.swift", "// swift-tools-version: 6.0, and nothing more.\n"),
            SourceFile("Sources/CLMDB/shim.h", "#include <lmdb.h>\n"),
        ],
        kept: [
            SourceFile("Sources/Wire/Reply.swift", "// What the daemon says\n// to a client.\n\n"),
            SourceFile("Package.swift", "// swift-tools-version: 6.0\n// The floors, and why.\n"),
            SourceFile("README.md", "# totpd\n"),
        ],
        check: { file in
            guard file.isSwift || file.path.hasSuffix(".h") else { return [] }
            let comment = file.lines.dropFirst(file.isManifest ? 1 : 0)
                .prefix { $0 == "//" || $0.hasPrefix("// ") }
            let sentence = comment.map { $0.dropFirst(3) }.joined(separator: " ")
            if sentence.count >= 20, sentence.hasSuffix(".") { return [] }
            return [file.violation(at: file.isManifest ? 1 : 0, "no first sentence")]
        })
}
