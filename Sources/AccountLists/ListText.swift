// From the bytes of a file to its text. It does not guess encodings: a name in the wrong encoding
// is somebody else's name.

package enum ListText {
    /// UTF-8, or what a byte order mark or an XML declaration says.
    package static func decode(_ bytes: [UInt8]) throws(ListFault) -> String {
        if let what = binary(bytes) { throw ListFault("this is \(what), not a text") }
        if bytes.starts(with: [0xff, 0xfe]) {
            return try utf16(bytes.dropFirst(2), isLittle: true)
        }
        if bytes.starts(with: [0xfe, 0xff]) {
            return try utf16(bytes.dropFirst(2), isLittle: false)
        }
        let hasMark = bytes.starts(with: [0xef, 0xbb, 0xbf])
        let rest = hasMark ? bytes.dropFirst(3) : bytes[...]
        guard !rest.contains(0) else {
            throw ListFault("it has NUL bytes: write it as UTF-8")
        }
        if !hasMark, let name = encoding(declaredIn: rest), !isUTF8(name) {
            guard ["iso-8859-1", "latin1", "us-ascii", "ascii"].contains(name) else {
                throw ListFault("its XML has an unknown encoding: write UTF-8")
            }
            guard name.hasPrefix("iso") || name == "latin1" || rest.allSatisfy({ $0 < 0x80 }) else {
                throw ListFault("its XML says that it is ASCII, and it is not")
            }
            return String(String.UnicodeScalarView(rest.map { Unicode.Scalar($0) }))
        }
        guard let text = String(validating: rest, as: UTF8.self) else {
            throw ListFault("it is not UTF-8")
        }
        return text
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isLittle: Bool) throws(ListFault)
        -> String
    {
        let bytes = Array(bytes)
        guard bytes.count.isMultiple(of: 2) else { throw ListFault("its UTF-16 is cut short") }
        let units = stride(from: 0, to: bytes.count, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isLittle ? second << 8 | first : first << 8 | second
        }
        guard let text = String(validating: units, as: UTF16.self), !text.contains("\0") else {
            throw ListFault("it begins like UTF-16, but is not")
        }
        return text
    }

    private static func isUTF8(_ name: String) -> Bool { name == "utf-8" || name == "utf8" }

    /// What `<?xml … encoding="…"?>` says, in small letters.
    private static func encoding(declaredIn bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.starts(with: Array("<?xml".utf8)) else { return nil }
        let declaration = String(decoding: bytes.prefix(200).prefix { $0 != 0x3e }, as: UTF8.self)
        let match = declaration.firstMatch(of: /encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/)
        return match.map { $0.1.lowercased() }
    }

    /// Files that are no text, by how they begin.
    private static func binary(_ bytes: [UInt8]) -> String? {
        let signs: [([UInt8], String)] = [
            (Array("PK\u{3}\u{4}".utf8), "a workbook of a spreadsheet, or a zip file"),
            ([0x1f, 0x8b], "a gzip file"), (Array("SQLite format 3".utf8), "an SQLite database"),
            ([0x03, 0xd9, 0xa2, 0x9a], "a database of KeePass"),
            ([0xd0, 0xcf, 0x11, 0xe0], "an old workbook"), ([0x89, 0x50, 0x4e, 0x47], "a picture"),
            ([0xff, 0xd8, 0xff], "a picture"), (Array("%PDF".utf8), "a PDF"),
            (
                Array("Salted__".utf8),
                "sealed under a passphrase (protocol.md, export, says how to open it)"
            ),
        ]
        return signs.first { bytes.starts(with: $0.0) }?.1
    }
}
