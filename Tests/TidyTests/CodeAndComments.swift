// Takes a Swift or C text apart into its code and its comments, line for line and column for
// column. It knows strings, raw strings, interpolation and nested comments; it does not know
// regular expression literals, so keep quotes and braces out of those.

struct CodeAndComments {
    private(set) var code = ""
    private(set) var comments = ""

    private enum Region {
        /// Code; inside an interpolation, with the count of its open brackets.
        case code(brackets: Int)
        case lineComment
        case blockComment(depth: Int)
        case string(hashes: Int, quotes: Int)
    }

    private let bytes: [UInt8]
    private var position = 0
    private var regions: [Region] = [.code(brackets: 0)]
    private var codeBytes: [UInt8] = []
    private var commentBytes: [UInt8] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        codeBytes.reserveCapacity(bytes.count)
        commentBytes.reserveCapacity(bytes.count)
    }

    mutating func separate() {
        while position < bytes.count {
            switch regions.last ?? .code(brackets: 0) {
            case .code(let brackets): stepInCode(brackets)
            case .lineComment: stepInLineComment()
            case .blockComment(let depth): stepInBlockComment(depth)
            case .string(let hashes, let quotes): stepInString(hashes, quotes)
            }
        }
        code = String(decoding: codeBytes, as: UTF8.self)
        comments = String(decoding: commentBytes, as: UTF8.self)
    }

    // MARK: One step in each region

    private mutating func stepInCode(_ brackets: Int) {
        if looksAt("//") {
            regions.append(.lineComment)
            take(2, .comment)
        } else if looksAt("/*") {
            regions.append(.blockComment(depth: 1))
            take(2, .comment)
        } else if let (hashes, quotes) = stringOpening() {
            regions.append(.string(hashes: hashes, quotes: quotes))
            take(hashes + quotes, .code)
        } else if regions.count > 1, looksAt(")"), brackets == 1 {
            regions.removeLast()
            take(1, .code)
        } else {
            let change = looksAt("(") ? 1 : looksAt(")") ? -1 : 0
            replaceTop(.code(brackets: brackets + change))
            take(1, .code)
        }
    }

    private mutating func stepInLineComment() {
        if looksAt("\n") { regions.removeLast() }
        take(1, .comment)
    }

    private mutating func stepInBlockComment(_ depth: Int) {
        if looksAt("/*") {
            replaceTop(.blockComment(depth: depth + 1))
            take(2, .comment)
        } else if looksAt("*/"), depth > 1 {
            replaceTop(.blockComment(depth: depth - 1))
            take(2, .comment)
        } else if looksAt("*/") {
            regions.removeLast()
            take(2, .comment)
        } else {
            take(1, .comment)
        }
    }

    private mutating func stepInString(_ hashes: Int, _ quotes: Int) {
        let hash = String(repeating: "#", count: hashes)
        if looksAt("\\" + hash + "(") {
            regions.append(.code(brackets: 1))
            take(hashes + 2, .code)
        } else if looksAt("\\" + hash) {
            take(hashes + 2, .neither)
        } else if looksAt(String(repeating: "\"", count: quotes) + hash) {
            regions.removeLast()
            take(quotes + hashes, .code)
        } else if quotes == 1, looksAt("\n") {
            // Not a string after all: start afresh on the next line.
            regions.removeLast()
            take(1, .neither)
        } else {
            take(1, .neither)
        }
    }

    // MARK: Reading

    private func looksAt(_ text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }

    private func stringOpening() -> (hashes: Int, quotes: Int)? {
        guard bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "#") else {
            return nil
        }
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        let rest = bytes[(position + hashes)...]
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        return (hashes, rest.starts(with: "\"\"\"".utf8) ? 3 : 1)
    }

    // MARK: Writing

    private enum Kind { case code, comment, neither }

    private mutating func replaceTop(_ region: Region) {
        regions[regions.count - 1] = region
    }

    private mutating func take(_ count: Int, _ kind: Kind) {
        for byte in bytes[position...].prefix(count) {
            let isBreak = byte == UInt8(ascii: "\n")
            codeBytes.append(isBreak || kind == .code ? byte : UInt8(ascii: " "))
            commentBytes.append(isBreak || kind == .comment ? byte : UInt8(ascii: " "))
        }
        position += min(count, bytes.count - position)
    }
}
