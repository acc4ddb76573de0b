// Draws the code with letters for a terminal. It sets its own colours, because many cameras cannot
// read light modules on a dark ground.

extension QRCode {
    /// Black on white, from the fixed part of the 256 colours: themes may repaint the first 16.
    private static let colours = "\u{1B}[38;5;16;48;5;231m"

    /// Ends each line, so that neither the rest of the line nor a pager's prompt turns white.
    private static let reset = "\u{1B}[0m"

    /// Two rows of modules to a line, as a letter is about twice as high as wide; no newline at
    /// the end, as `jq -r` and `echo` add theirs. 80 columns are enough for 331 bytes of text.
    package func terminalText() -> String {
        // With the quiet zone the rows are odd in number: the last line's lower half is light.
        stride(from: frame.lowerBound, to: frame.upperBound, by: 2).map { row in
            let letters = frame.map { column in
                letter(
                    upper: isDark(row: row, column: column),
                    lower: isDark(row: row + 1, column: column))
            }
            return Self.colours + letters.joined() + Self.reset
        }.joined(separator: "\n")
    }
}

/// The letter is the dark part: where colours are stripped, a light terminal still shows the code.
private func letter(upper: Bool, lower: Bool) -> String {
    switch (upper, lower) {
    case (true, true): "█"
    case (true, false): "▀"
    case (false, true): "▄"
    case (false, false): " "
    }
}
