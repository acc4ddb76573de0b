// Writes log lines to a descriptor, with the level in front when they go to the journal
// (sd-daemon(3)). A message is one line. A log without a reader does not end the program.

import Glibc

package struct JournalLog: Sendable {
    /// PIPE_BUF, the newline included: up to here a pipe does not mix the lines of two writers.
    package static let lineBytesMax = 4_096

    private let descriptor: Int32
    private let program: String
    private let isJournal: Bool

    /// `goesToJournal` is the user's word; without it, JOURNAL_STREAM tells.
    package init(
        environment: [String: String], descriptor: Int32 = STDERR_FILENO,
        program: String = "totpd", goesToJournal isJournal: Bool? = nil
    ) {
        self.descriptor = descriptor
        self.program = program
        self.isJournal = isJournal ?? goesToJournal(descriptor, environment)
    }

    package func error(_ message: String) { write(message, level: .error) }
    package func warning(_ message: String) { write(message, level: .warning) }
    package func notice(_ message: String) { write(message, level: .notice) }
    package func info(_ message: String) { write(message, level: .info) }
    package func debug(_ message: String) { write(message, level: .debug) }

    /// One line by one write(2); says whether all of it was written. Most callers do not look: a
    /// service goes on without its log. SIGPIPE must be ignored, as systemd does for its services.
    @discardableResult
    package func write(_ message: String, level: LogLevel) -> Bool {
        let prefix = isJournal ? "<\(level.rawValue)>" : "\(program): \(level.name): "
        let newline = UInt8(ascii: "\n")
        let line = oneLine(prefix + message, bytesMax: Self.lineBytesMax - 1) + [newline]
        do {
            return try check("write") { Glibc.write(descriptor, line, line.count) } == line.count
        } catch {
            // There is nowhere left to report it.
            return false
        }
    }
}
