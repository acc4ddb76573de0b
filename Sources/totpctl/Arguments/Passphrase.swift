// A passphrase from a file or from the terminal. It is not taken from the command line, which other
// users of the host can read.

import Glibc
import Secrets

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
        guard try prompt("Once more: ") == first else {
            throw ControlFault("the two passphrases differ")
        }
        return first
    }

    private static func prompt(_ words: String) throws -> String {
        guard let terminal = fopen("/dev/tty", "r+e") else { throw noTerminal }
        defer { fclose(terminal) }
        let typed = try readSilently(fileno(terminal)) {
            fputs(words, terminal)
            fflush(terminal)
        }
        fputs("\n", terminal)
        switch typed {
        case .line(let text): return text
        case .end: throw ControlFault("no passphrase was typed")
        case .interrupt:
            // As ^C does: only now, with the terminal as it was.
            fflush(terminal)
            raise(SIGINT)
            throw ControlFault("interrupted")
        }
    }

    private static var noTerminal: ControlFault {
        ControlFault(
            "there is no terminal to ask on", hint: "--passphrase-file takes it from a file")
    }

    private enum Typed {
        case line(String)
        case end
        case interrupt
    }

    /// Longer than any passphrase that is accepted.
    private static let bytesMax = 1026

    /// Reads a line from the terminal without showing it (termios(3): ECHO). Byte by byte and
    /// without signals (ICANON, ISIG), as ^C would leave a terminal behind that shows nothing.
    private static func readSilently(_ terminal: Int32, ask: () -> Void) throws -> Typed {
        var settings = termios()
        guard tcgetattr(terminal, &settings) == 0 else { throw noTerminal }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        withUnsafeMutableBytes(of: &silent.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        tcsetattr(terminal, TCSAFLUSH, &silent)
        defer { tcsetattr(terminal, TCSAFLUSH, &settings) }
        // Not before: what is typed at the question would be thrown away with what was typed ahead.
        ask()

        var typed: [UInt8] = []
        typed.reserveCapacity(bytesMax)
        defer { typed.wipe() }
        var byte: UInt8 = 0
        while Glibc.read(terminal, &byte, 1) == 1 {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                return .line(String(decoding: typed, as: UTF8.self))
            case 0x03: return .interrupt
            case 0x04 where typed.isEmpty: return .end
            case 0x7F, 0x08:
                // A character and the bytes that continue it.
                while let last = typed.popLast(), last & 0xC0 == 0x80 {}
            case 0x15: typed.removeAll(keepingCapacity: true)
            default: if typed.count < bytesMax { typed.append(byte) }
            }
        }
        return .end
    }
}
