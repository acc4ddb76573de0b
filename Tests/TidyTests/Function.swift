// Finds the functions and initialisers of a file by counting braces from `func` or `init` to the
// closing one. It does not understand Swift; it only has to be right about code that compiles.

struct Function: Equatable {
    /// From 0, the line of `func` or `init`.
    let firstLine: Int
    let lineCount: Int

    static func all(in file: SourceFile) -> [Function] {
        var functions: [Function] = []
        for index in file.code.indices {
            for word in Word.all(in: file.code[index]) where word.beginsFunction {
                guard let end = lastLine(in: file, from: index, after: word.end) else { continue }
                functions.append(Function(firstLine: index, lineCount: end - index + 1))
            }
        }
        return functions
    }

    /// The line of the closing brace; nothing for a requirement, which has no body.
    private static func lastLine(
        in file: SourceFile, from first: Int, after start: Substring.Index
    ) -> Int? {
        var brackets = 0
        var braces = 0
        for index in first..<file.code.count {
            let line = file.code[index]
            let rest = index == first ? line[start...] : line
            if brackets == 0, braces == 0, index > first, beginsDeclaration(rest) { return nil }
            for character in rest {
                switch character {
                case "(", "[": brackets += 1
                case ")", "]": brackets -= 1
                case "{" where brackets == 0: braces += 1
                case "}" where brackets == 0:
                    braces -= 1
                    if braces <= 0 { return braces == 0 ? index : nil }
                default: break
                }
            }
        }
        return nil
    }

    private static func beginsDeclaration(_ line: Substring) -> Bool {
        let beginnings: Set<Substring> = [
            "func", "init", "var", "let", "static", "mutating", "associatedtype", "subscript",
            "package", "private", "struct", "enum", "case", "extension",
        ]
        return Word.all(in: line).first.map { beginnings.contains($0.text) } ?? false
    }
}

/// A name or a keyword in a line of code, and the character before it.
struct Word {
    let text: Substring
    let before: Character?
    let end: Substring.Index

    /// `.init(` and `self.init(` are calls.
    var beginsFunction: Bool {
        text == "func" || (text == "init" && before != ".")
    }

    static func all(in line: Substring) -> [Word] {
        var words: [Word] = []
        var before: Character?
        var start: Substring.Index?
        for index in line.indices {
            let character = line[index]
            if character.isLetter || character.isNumber || character == "_" {
                if start == nil { start = index }
                continue
            }
            if let begun = start {
                words.append(Word(text: line[begun..<index], before: before, end: index))
                start = nil
            }
            before = character
        }
        if let begun = start {
            words.append(Word(text: line[begun...], before: before, end: line.endIndex))
        }
        return words
    }
}
