// Which characters no name and no reason may have.

extension String {
    /// U+0000 to U+001F and U+007F to U+009F, which no name or reason needs and no terminal should
    /// get: some of them begin an escape sequence.
    package var hasControlCharacters: Bool {
        // Lent as bytes: every request brings a name, and String's own iteration is slower.
        var text = self
        return text.withUTF8 { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                if byte < 0x20 || byte == 0x7f { return true }
                // U+0080 to U+009F are C2 80 to C2 9F in UTF-8.
                if previous == 0xc2 && byte < 0xa0 { return true }
                previous = byte
            }
            return false
        }
    }
}
