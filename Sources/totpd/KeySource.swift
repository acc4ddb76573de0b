// Where the master keys come from: a file, systemd's credential, or standard input. Only a
// credential may be readable by a group.

import Glibc
import Secrets

enum KeySource {
    case file(String)
    case credential(String)
    case standardInput

    /// As the option has it. `/dev/stdin` means the same as `-`: opening it fails for a pipe.
    init(named name: String) {
        self = ["-", "/dev/stdin"].contains(name) ? .standardInput : .file(name)
    }

    /// For people.
    var name: String {
        switch self {
        case .file(let path), .credential(let path): return "key file '\(path)'"
        case .standardInput: return "the keys on standard input"
        }
    }

    func read() throws -> KeyRing {
        do {
            switch self {
            case .file(let path): return try KeyFile.read(path)
            case .credential(let path): return try KeyFile.read(path, isCredential: true)
            case .standardInput: return try KeyFile.read(from: STDIN_FILENO)
            }
        } catch {
            throw StartFault("\(name): \(error)")
        }
    }

    /// At a reload; nil when they cannot be read twice.
    func readAgain() throws -> KeyRing? {
        switch self {
        case .file, .credential: return try read()
        case .standardInput: return nil
        }
    }
}
