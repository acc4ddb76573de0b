// How far something is, on one line of a terminal; nothing at all where there is none.

import Glibc

struct ProgressBar {
    private static let width = 30

    private let name: String
    private let isShown = isatty(STDERR_FILENO) == 1
    private var hasDrawn = false

    init(_ name: String) { self.name = name }

    mutating func draw(_ done: Int, of total: Int) {
        guard isShown, total > 0 else { return }
        hasDrawn = true
        let part = min(1, Double(done) / Double(total))
        let filled = Int(part * Double(Self.width))
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: ".", count: Self.width - filled)
        write("\r\(name) [\(bar)] \(Int(part * 100)) %  \(done) of \(total)")
    }

    /// Leaves the line for what is printed next.
    mutating func end() {
        guard hasDrawn else { return }
        hasDrawn = false
        write("\r\u{1b}[K")
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        // Nobody is harmed by a bar that is not drawn.
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
