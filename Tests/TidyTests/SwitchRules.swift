// Switches over enumerations: a `default` there takes in cases that nobody has thought of yet.

extension Rule {
    static let defaults = Rule(
        name: "where cases of an enumeration are left to default, a reason stands beside it",
        broken: [
            source(
                """
                switch kind {
                case .enroll, .verify: f()
                case .limit(let app): g(app)
                default: return
                }
                """),
            source(
                """
                let x = switch kind {
                case .enroll:
                    switch text {
                    case "a": 1
                    default: 2
                    }
                default: 3
                }
                """),
        ],
        kept: [
            source(
                """
                switch kind {
                case .enroll: f()
                default: return  // Nothing else fails later.
                }
                """),
            source(
                """
                switch (kind, byte) {
                case (.enroll, 1): f()
                default: return
                }
                """),
            source(
                """
                switch byte {
                case 0x20: f()
                default: return
                }
                """),
        ],
        check: { file in
            guard file.isSwift, file.isSource else { return [] }
            return file.code.indices.filter {
                file.isDefaultOfEnumeration($0) && !file.hasComment(near: $0)
            }.map { file.violation(at: $0, "default") }
        })

    private static func source(_ text: String) -> SourceFile {
        SourceFile("Sources/Wire/Reply.swift", text)
    }
}

extension SourceFile {
    /// Whether a line is the `default` of a switch whose cases are all those of an enumeration.
    fileprivate func isDefaultOfEnumeration(_ index: Int) -> Bool {
        let indent = code[index].prefix { $0 == " " }
        guard code[index].dropFirst(indent.count).hasPrefix("default:") else { return false }
        var hasCases = false
        for line in code[..<index].reversed() {
            guard line.hasPrefix(indent), !line.dropFirst(indent.count).hasPrefix(" ") else {
                continue
            }
            let text = line.dropFirst(indent.count)
            if text.contains("switch ") { return hasCases }
            guard text.hasPrefix("case ") else { continue }
            guard text.hasPrefix("case .") else { return false }
            hasCases = true
        }
        return false
    }
}
