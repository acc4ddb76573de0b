// Reads the holes of a request line: `<name>`, `<code …>` and `<wrong …>`. All else goes out as it
// is written, also what is no JSON.

enum TemplateParser {
    static func parse(_ line: String, names: Set<String>) -> Parsed<Template> {
        var pieces: [Template.Piece] = []
        var rest = line[...]
        while let open = rest.firstIndex(of: "<") {
            guard let close = rest[open...].firstIndex(of: ">") else {
                return .failure("'<' without '>'; write \\u003c for the sign itself")
            }
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            let words = rest[rest.index(after: open)..<close]
                .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            switch hole(words, names) {
            case .success(let piece): pieces.append(piece)
            case .failure(let reason): return .failure(reason)
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return .success(Template(pieces: pieces))
    }

    private static func hole(_ words: [String], _ names: Set<String>) -> Parsed<Template.Piece> {
        guard let first = words.first else { return .failure("an empty hole") }
        guard first == "code" || first == "wrong" else { return bound(words, names) }
        guard words.count > 1 else { return .failure("'\(first)' names no secret") }
        let secret: CodeHole.Secret
        if names.contains(words[1]) {
            secret = .name(words[1])
        } else if words[1].utf8.count >= 16, words[1].allSatisfy(isBase32) {
            secret = .base32(words[1])
        } else {
            return .failure("'\(words[1])' is no name bound before, and no base32")
        }
        var hole = CodeHole(secret: secret, isWrong: first == "wrong")
        var seen: Set<String> = []
        for word in words.dropFirst(2) {
            guard let kind = apply(word, to: &hole), seen.insert(kind).inserted else {
                return .failure("'\(word)' says nothing about a code, or says it twice")
            }
        }
        guard !hole.isWrong || hole.stepOffset == 0 else {
            return .failure("a wrong code belongs to no step")
        }
        return .success(.code(hole))
    }

    private static func bound(_ words: [String], _ names: Set<String>) -> Parsed<Template.Piece> {
        guard names.contains(words[0]) else {
            return .failure("no reply before this has bound '\(words[0])'")
        }
        guard words.count <= 2 else { return .failure("a name has one spelling") }
        guard words.count == 2 else { return .success(.bound(name: words[0], .asIs)) }
        guard let spelling = Spelling(rawValue: words[1]), spelling != .asIs else {
            return .failure("'\(words[1])' is no spelling")
        }
        return .success(.bound(name: words[0], spelling))
    }

    /// Returns which of the parameters this was.
    private static func apply(_ word: String, to hole: inout CodeHole) -> String? {
        if let sign = word.first, sign == "+" || sign == "-", let offset = Int64(word) {
            hole.stepOffset = offset
            return "offset"
        }
        if ["SHA1", "SHA256", "SHA512"].contains(word) {
            hole.algorithm = word
            return "algorithm"
        }
        if let spelling = Spelling(rawValue: word), spelling != .asIs {
            hole.spelling = spelling
            return "spelling"
        }
        guard let number = Int(word) else { return nil }
        switch number {
        case 6...8:
            hole.digits = number
            return "digits"
        case 15...60:
            hole.period = number
            return "period"
        default: return nil
        }
    }

    private static func isBase32(_ character: Character) -> Bool {
        ("A"..."Z").contains(character) || ("2"..."7").contains(character)
    }
}
