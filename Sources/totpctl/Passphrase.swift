// A passphrase from a file or from the terminal. It must never be shown, nor come from the command
// line, which other users of the host can read.

import Glibc

enum Passphrase {
    /// The first line of a file.
    static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "re") else { throw ControlFault("'\(path)' cannot be opened") }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var size = 0
        let count = getline(&line, &size, file)
        defer { free(line) }
        guard count > 0, let line else { throw ControlFault("'\(path)' is empty") }
        let text = String(cString: line)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Asks on the terminal, twice.
    static func ask() throws -> String {
        let first = try prompt("Passphrase: ")
        guard try prompt("Once more: ") == first else { throw ControlFault("the two differ") }
        return first
    }

    private static func prompt(_ words: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 1026)
        defer { explicit_bzero(&buffer, buffer.count) }
        guard let text = readpassphrase(words, &buffer) else {
            throw ControlFault(
                "there is no terminal to ask on", hint: "--passphrase-file takes it from a file")
        }
        return text
    }

    /// Reads a line from the terminal without showing it (termios(3), ECHO).
    private static func readpassphrase(_ words: String, _ buffer: inout [CChar]) -> String? {
        guard let terminal = fopen("/dev/tty", "r+e") else { return nil }
        defer { fclose(terminal) }
        var settings = termios()
        guard tcgetattr(fileno(terminal), &settings) == 0 else { return nil }
        var silent = settings
        // Without signals too: ^C would leave a terminal behind that shows nothing.
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(fileno(terminal), TCSAFLUSH, &silent)
        defer { tcsetattr(fileno(terminal), TCSAFLUSH, &settings) }
        fputs(words, terminal)
        fflush(terminal)
        guard fgets(&buffer, Int32(buffer.count), terminal) != nil else { return nil }
        fputs("\n", terminal)
        let end = buffer.firstIndex { $0 == 0 || $0 == CChar(UInt8(ascii: "\n")) } ?? 0
        return String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
