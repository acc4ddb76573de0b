// Reads a file of accounts row by row, in any of the formats.

import Accounts

package enum AccountList {
    /// Gives each row of a file to `body`, in order; blank lines, and in links and NDJSON remarks
    /// behind `#`, aside. `now` says what has expired, and `allowsShort` whether secrets of less
    /// than 16 bytes are accepted.
    ///
    /// Throws `ListFault` where no row can be told from the next any more and where there is none,
    /// and what `body` throws.
    package static func read(
        _ text: String, as format: ListFormat, at now: Instant, allowsShort: Bool = false,
        _ body: (ListRow) throws -> Void
    ) throws {
        var isEmpty = true
        func take(_ row: ListRow) throws {
            isEmpty = false
            try body(allowsShort ? row : row.refusedWhereShort)
        }
        switch format {
        case .otpauth: try KeyURIList.read(text, take)
        case .csv: try CSVList.read(text, take)
        case .pskc: try PSKCList.read(text, at: now, take)
        case .ndjson: try JSONLinesList.read(text, take)
        case .aegis, .andOTP, .bitwarden, .freeOTP, .keycloak, .twoFAS:
            try BackupList.read(text, as: format, take)
        }
        guard !isEmpty else { throw ListFault.noRow }
    }

    struct Line {
        /// From 1.
        let number: Int
        let text: Substring
        /// The file ends in it, where earlier lines have ends.
        let isCutShort: Bool
    }

    enum LineEnd {
        /// LF, CR LF, or the CR of an old Mac.
        case any
        /// LF, behind which JSON has nothing to say.
        case lineFeed
    }

    /// The lines that say something. A remark says something when a row stands in it: somebody may
    /// have meant the `#` to begin a name.
    static func lines(of text: String, endingIn end: LineEnd = .any) -> some Sequence<Line> {
        var number = 0
        var rest = text[...]
        return AnyIterator {
            while !rest.isEmpty {
                number += 1
                let line = Self.line(at: &rest, endingIn: end)
                let first = line.unicodeScalars.first { !$0.isBlank }
                guard first != nil, first != "#" || holdsRow(line) else { continue }
                return Line(
                    number: number, text: line,
                    isCutShort: number > 1 && line.endIndex == text.endIndex)
            }
            return nil
        }
    }

    private static func holdsRow(_ line: Substring) -> Bool {
        line.contains("{") || line.firstIndex(ofASCII: KeyURI.scheme) != nil
    }

    private static func line(at rest: inout Substring, endingIn end: LineEnd) -> Substring {
        let bytes = rest.utf8
        let stop = bytes.firstIndex {
            $0 == UInt8(ascii: "\n") || end == .any && $0 == UInt8(ascii: "\r")
        }
        guard let stop else {
            defer { rest = "" }
            return rest
        }
        let line = rest[..<stop]
        rest = rest[bytes.index(after: stop)...]
        if bytes[stop] == UInt8(ascii: "\r"), rest.utf8.first == UInt8(ascii: "\n") {
            rest = rest[rest.utf8.index(after: rest.startIndex)...]
        }
        return line
    }
}
