// The formats that accounts come in. A file that is none of them must never be half read.

/// How a file lists accounts.
package enum ListFormat: String, CaseIterable, Sendable {
    /// otpauth key URIs, one a line, each with a user before it, or not.
    case otpauth
    /// RFC 4180, with a header.
    case csv
    /// RFC 6030.
    case pskc
    /// An object a line, with the fields of `import`.
    case ndjson

    /// What a file's beginning looks like.
    package init(of text: String) {
        let first = AccountList.lines(of: text).first { _ in true }?.text ?? ""
        let start = first.drop { $0.isWhitespace }
        if start.hasPrefix("{") {
            self = .ndjson
        } else if start.hasPrefix("<") {
            self = .pskc
        } else if start.contains("otpauth") && start.contains("://") {
            self = .otpauth
        } else {
            self = .csv
        }
    }
}

/// Why a file as a whole cannot be read.
package struct ListFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

package enum AccountList {
    /// Gives each row of a file to `body`, in order; blank lines, and outside CSV
    /// and PSKC lines with `#` in front, aside.
    ///
    /// Throws `ListFault` where no row can be told from the next any more, and what `body` throws.
    package static func read(
        _ text: String, as format: ListFormat, _ body: (ListRow) throws -> Void
    ) throws {
        switch format {
        case .otpauth: try KeyURIList.read(text, body)
        case .csv: try CSVList.read(text, body)
        case .pskc: try PSKCList.read(text, body)
        case .ndjson: try JSONLinesList.read(text, body)
        }
    }

    /// The lines that say something, with their numbers from 1.
    static func lines(of text: String) -> some Sequence<(number: Int, text: Substring)> {
        var number = 0
        var rest = text[...]
        if rest.first == "\u{feff}" { rest.removeFirst() }
        return AnyIterator {
            while !rest.isEmpty {
                number += 1
                let end = rest.firstIndex(where: \.isNewline) ?? rest.endIndex
                let line = rest[..<end]
                rest = end == rest.endIndex ? "" : rest[rest.index(after: end)...]
                if let first = line.first(where: { !$0.isWhitespace }), first != "#" {
                    return (number, line)
                }
            }
            return nil
        }
    }
}
