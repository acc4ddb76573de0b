// How documents are written, as far as a machine can tell.

import Foundation
import Testing

extension Rule {
    static let prose = [proseColumns, nobody, formula, about]

    static let proseColumns = Rule(
        name: "lines of prose have at most \(Limits.columns) columns",
        broken: [
            SourceFile("docs/faq.md", long),
            SourceFile("docs/faq.md", "```\nls\n```\n" + long),
        ],
        kept: [
            SourceFile("docs/faq.md", "| " + long),
            SourceFile("docs/faq.md", "```sh\n\(long)\n```"),
            SourceFile("docs/faq.md", "[a long address](\(long))"),
            SourceFile("Sources/Wire/Reply.swift", long),
        ],
        check: { file in
            guard file.isDocument else { return [] }
            return file.proseLines.filter { file.lines[$0].count > Limits.columns }.map {
                file.violation(at: $0, "\(file.lines[$0].count) columns")
            }
        })

    static let nobody = Rule(
        name: "he is nobody: documents, pages and comments name the person",
        broken: [
            SourceFile("docs/faq.md", "He can log in."),
            SourceFile("Examples/webapp/shop/templates/help.html", "<p>what he types</p>"),
            SourceFile("systemd/man/totpd.8", "whoever asks, with his groups"),
            SourceFile("Sources/Wire/Reply.swift", "// What he is told.\n"),
        ],
        kept: [
            SourceFile("docs/faq.md", "The owner, whose history this is, heads there."),
            SourceFile("docs/faq.md", "```\ngrep he\n```"),
            SourceFile("Tests/Fixtures/vectors.txt", "he"),
            SourceFile("Sources/Wire/Reply.swift", "let he = 1\n"),
        ],
        check: { file in
            guard file.isDocument || file.isPage || file.isSwift else { return [] }
            let pronouns: Set<String> = ["he", "him", "his", "himself"]
            let lines =
                file.isDocument ? file.proseLines + file.tableLines : Array(file.lines.indices)
            return lines.filter { index in
                (file.isSwift ? file.comments : file.lines)[index]
                    .lowercased().split { !$0.isLetter }
                    .contains { pronouns.contains(String($0)) }
            }.map { file.violation(at: $0, "say who: the attacker, the owner, the client") }
        })

    /// Half of all headers said it once, so nobody saw which of them meant it.
    static let formula = Rule(
        name: "a danger is told to the reader who can cause it, and not by formula",
        broken: [
            SourceFile("Sources/Wire/Reply.swift", "// A reply. It \(formulaWords) lie.\n"),
            SourceFile("Sources/Wire/Reply.swift", "let x = 1\n// It must\n// never lie.\n"),
            SourceFile("Examples/clients/totpd.py", "\"\"\"A client. It must\nnever lie.\"\"\""),
        ],
        kept: [
            SourceFile("Sources/Wire/Reply.swift", "// A key. Do not print it.\n"),
            SourceFile("Sources/Wire/Reply.swift", "// It must be short.\n// Never print it.\n"),
            SourceFile("protocol.md", "A client \(formulaWords) retry."),
        ],
        check: { file in
            guard !file.isDocument, !file.isPage else { return [] }
            return file.lines.indices.filter { index in
                let next = index + 1 < file.lines.count ? file.lines[index + 1] : ""
                return file.lines[index].contains(formulaWords)
                    || file.lines[index].hasSuffix(" must")
                        && next.drop { " \t/*#".contains($0) }.hasPrefix("never")
            }.map { file.violation(at: $0, "say what to do, or what holds") }
        })

    static let about = Rule(
        name: "a number that is not exact is about so much",
        broken: [
            SourceFile("docs/faq.md", "It takes \(someWord) 200 ms."),
            SourceFile("Sources/Wire/Reply.swift", "// \(someWord.capitalized) 1.5 KiB each.\n"),
        ],
        kept: [
            SourceFile("docs/faq.md", "Some apps send 200 a second."),
            SourceFile("Sources/Wire/Reply.swift", "let \(someWord) = 200\n"),
        ],
        check: { file in
            guard file.isDocument || file.isPage || file.isSwift else { return [] }
            let lines = file.isSwift ? file.comments : file.lines
            return lines.indices.filter { index in
                lines[index].contains(/\b[Ss]ome [0-9]/)
            }.map { file.violation(at: $0, "about") }
        })

    /// Put together so that these lines do not break the rules themselves.
    private static let someWord = "so" + "me"
    private static let formulaWords = "must" + " never"

    private static let long = String(repeating: "word ", count: 30)
}

extension SourceFile {
    var isDocument: Bool { path.hasSuffix(".md") && !path.hasPrefix("Tests/Fixtures/") }

    /// What people read that is no Markdown: manual pages, units, the pages of the example.
    fileprivate var isPage: Bool {
        path.hasPrefix("systemd/") || path.hasPrefix("Examples/") && path.hasSuffix(".html")
    }

    /// Lines outside of code blocks and tables, but for those that are one long link.
    fileprivate var proseLines: [Int] {
        outsideOfCode.filter { !lines[$0].hasPrefix("|") && !lines[$0].hasPrefix("[") }
    }

    fileprivate var tableLines: [Int] { outsideOfCode.filter { lines[$0].hasPrefix("|") } }

    private var outsideOfCode: [Int] {
        var isCode = false
        return lines.indices.filter { index in
            let isFence = lines[index].hasPrefix("```")
            if isFence { isCode.toggle() }
            return !isCode && !isFence && !lines[index].hasPrefix("    ")
        }
    }
}

@Suite("Links in documents")
struct LinkTests {
    /// Where a document points to, inside the project: the path and the heading.
    private static func targets(in file: SourceFile) -> [(path: String, heading: String)] {
        let text = file.lines.joined(separator: "\n")
        return text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
            .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
            .map { link in
                let parts = link.split(separator: "#", omittingEmptySubsequences: false)
                let folder = URL(filePath: "/" + file.path).deletingLastPathComponent()
                let path = parts[0].isEmpty ? "/" + file.path : folder.path + "/" + parts[0]
                return (
                    String(URL(filePath: path).standardizedFileURL.path.dropFirst()),
                    parts.count > 1 ? String(parts[1]) : ""
                )
            }
    }

    /// As GitHub makes them of headings.
    private static func anchors(in file: SourceFile) -> Set<String> {
        Set(
            file.lines.filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" || $0 == " " }.lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .replacing(" ", with: "-")
            })
    }

    private static func dead(in documents: [SourceFile]) -> [String] {
        let byPath = Dictionary(uniqueKeysWithValues: documents.map { ($0.path, $0) })
        return documents.flatMap { file in
            targets(in: file).compactMap { target in
                let place = SourceTree.root.path + "/" + target.path
                let isThere =
                    byPath[target.path] != nil || FileManager.default.fileExists(atPath: place)
                let hasHeading =
                    target.heading.isEmpty
                    || byPath[target.path].map { anchors(in: $0).contains(target.heading) } == true
                return isThere && hasHeading
                    ? nil : "\(file.path): \(target.path)#\(target.heading)"
            }
        }
    }

    @Test("lead somewhere")
    func alive() {
        #expect(Self.dead(in: SourceTree.files.filter(\.isDocument)) == [])
    }

    @Test("are noticed when they do not")
    func noticed() {
        let page = SourceFile("docs/a.md", "# One thing\n[x](#one-thing) [y](b.md) [z](#two)")
        #expect(Self.dead(in: [page]) == ["docs/a.md: docs/b.md#", "docs/a.md: docs/a.md#two"])
    }
}
