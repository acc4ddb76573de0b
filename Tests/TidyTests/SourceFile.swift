// One text file of the project, prepared once for all the rules: as lines, as code alone, and as
// comments alone. It never touches a disk, so a rule can be tried on a made-up text.

struct SourceFile: Sendable {
    /// Where the file is, from the top of the project: `Sources/Accounts/Verify.swift`.
    let path: String
    let lines: [Substring]
    /// The lines again, with comments and the insides of strings replaced by spaces.
    let code: [Substring]
    /// The lines again, with everything but comments replaced by spaces.
    let comments: [Substring]

    init(_ path: String, _ text: String) {
        self.path = path
        self.lines = Self.split(text)
        if path.hasSuffix(".swift") || path.hasSuffix(".h") {
            var views = CodeAndComments(text)
            views.separate()
            self.code = Self.split(views.code)
            self.comments = Self.split(views.comments)
        } else {
            self.code = lines
            self.comments = lines
        }
    }

    var name: Substring {
        path.split(separator: "/").last ?? ""
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isManifest: Bool { path == "Package.swift" }
    var isSource: Bool { path.hasPrefix("Sources/") }
    var isTest: Bool { path.hasPrefix("Tests/") }

    /// `Accounts` for `Sources/Accounts/Verify.swift`, and nothing outside `Sources`.
    var module: String? {
        let parts = path.split(separator: "/")
        guard isSource, parts.count > 2 else { return nil }
        return String(parts[1])
    }

    /// A comment on this line, on one of the three before it, or on the one below it, where a type
    /// explains itself.
    func hasComment(near index: Int) -> Bool {
        comments[max(0, index - 3)...min(index + 1, comments.count - 1)].contains { line in
            line.contains { !$0.isWhitespace && $0 != "/" }
        }
    }

    func violation(at index: Int, _ what: String) -> Violation {
        Violation(path: path, line: index + 1, what: what)
    }

    private static func split(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
