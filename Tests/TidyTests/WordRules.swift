// Words that do not belong in the code, and words that need a reason beside them.

extension Rule {
    static let words = [
        force, swallowedErrors, unchecked, publicWords, unfinished, vacuousTests,
    ]

    static let force = Rule(
        name: "nothing is forced: no try!, as!, fatalError",
        broken: [
            swift("let x = try! f()"), swift("let x = y as! Int"), swift("fatalError(why)"),
            SourceFile("Tests/WireTests/ReplyTests.swift", "let x = \"\\(try! f())\""),
        ],
        kept: [swift("let x = \"try! fatalError(\" // as! it were")],
        check: { $0.codeLines(containing: ["try!", "as!", "fatalError("]) })

    static let swallowedErrors = Rule(
        name: "no error is swallowed: no try? in Sources, and in Tests only with a comment",
        broken: [
            swift("// Why.\nlet x = try? f()"),
            SourceFile("Tests/WireTests/ReplyTests.swift", "let x = try? f()"),
        ],
        kept: [
            swift("let x = try f()"),
            SourceFile(
                "Tests/StoreTests/Scratch.swift", "// It may be gone.\ntry? remove(folder)"),
        ],
        check: { file in
            file.codeLines(containing: ["try?"]) { file.isTest && file.hasComment(near: $0) }
        })

    static let unchecked = Rule(
        name: "what the compiler does not check has a reason beside it",
        broken: [
            swift("final class C: @unchecked Sendable {}"),
            swift("// Why.\n\n\n\nnonisolated(unsafe) var x = 1"),
            swift("nonisolated(unsafe) var x = 1\n\n// Why."),
        ],
        kept: [
            swift("// Only the lane touches it.\nfinal class C: @unchecked Sendable {}"),
            swift("final class C: @unchecked Sendable {\n    // Only the lane touches it.\n}"),
            swift("nonisolated(unsafe) var x = 1  // Set before any thread starts."),
            SourceFile("Tests/WireTests/C.swift", "final class C: @unchecked Sendable {}"),
        ],
        check: { file in
            guard file.isSource else { return [] }
            return file.codeLines(containing: ["@unchecked Sendable", "nonisolated(unsafe)"]) {
                file.hasComment(near: $0)
            }
        })

    static let publicWords = Rule(
        name: "nothing is public: this is one package, and its word is package",
        broken: [swift("public struct Reply {}"), swift("public import NIOCore")],
        kept: [swift("package struct Reply {}  // public to the package"), swift("f(.public)")],
        check: { file in
            guard file.isSwift, file.isSource else { return [] }
            return file.code.indices.filter { index in
                file.code[index].contains("public")
                    && Word.all(in: file.code[index]).contains {
                        $0.text == "public" && $0.before != "."
                    }
            }.map { file.violation(at: $0, "public") }
        })

    static let unfinished = Rule(
        name: "nothing is left for later without an issue number",
        broken: [
            swift("// \(later): tidy up"), swift("// \(later)(#x): tidy up"),
            swift("// \(never) #12: wrong"), SourceFile(".ci/run", "# \(later): tidy up"),
        ],
        kept: [
            swift("// \(later) #12: tidy up."), swift("let x = \"GA\(later)AB\""),
            SourceFile("CONTRIBUTING.md", "No \(later)."),
        ],
        check: { file in
            guard file.hasLimitedColumns else { return [] }
            return file.lines.indices.filter { file.isUnfinished($0) }.map {
                file.violation(at: $0, "left for later")
            }
        })

    static let vacuousTests = Rule(
        name: "tests neither wait by the clock nor expect what is always so",
        broken: [
            swiftTest("try await Task.sl\("eep")(for: .seconds(1))"),
            swiftTest("usl\("eep")(10)"), swiftTest("#expect(\("true"))"),
            swiftTest("#expect(!\("false"))"),
        ],
        kept: [swiftTest("clock.advance(by: 30)"), swift("sl\("eep")(1)")],
        check: { file in
            guard file.isTest, file.isSwift else { return [] }
            return file.codeLines(containing: [
                "sl\("eep")(", "Task.sl\("eep")", "#expect(\("true"))", "#expect(!\("false"))",
            ])
        })

    /// The two words, put together so that these lines do not break the rule themselves.
    fileprivate static let later = "TO" + "DO"
    fileprivate static let never = "FIX" + "ME"

    private static func swift(_ text: String) -> SourceFile {
        SourceFile("Sources/Wire/Reply.swift", text)
    }

    private static func swiftTest(_ text: String) -> SourceFile {
        SourceFile("Tests/WireTests/ReplyTests.swift", text)
    }
}

extension SourceFile {
    /// One violation for each needle in each line of code that is not excused.
    func codeLines(
        containing needles: [String], unless isExcused: (Int) -> Bool = { _ in false }
    ) -> [Violation] {
        guard isSwift else { return [] }
        return code.indices.flatMap { index in
            needles.filter { code[index].contains($0) && !isExcused(index) }.map {
                violation(at: index, $0)
            }
        }
    }

    fileprivate func isUnfinished(_ index: Int) -> Bool {
        let line = lines[index]
        guard line.contains(Rule.later) || line.contains(Rule.never) else { return false }
        let words = Word.all(in: line).map(\.text)
        if words.contains(Substring(Rule.never)) { return true }
        return words.contains(Substring(Rule.later)) && !line.contains(/#[0-9]+/)
    }
}
