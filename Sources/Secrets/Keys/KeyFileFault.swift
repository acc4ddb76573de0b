// Why a key file is refused, for the person who has to fix it. It does not quote the file.

package enum KeyFileFault: Error, Equatable, Sendable, CustomStringConvertible {
    case malformed(line: Int, String)
    case noKey
    case unreadable(errno: Int32)
    /// This user may not open it.
    case denied(uid: UInt32)
    case linkToNothing
    case notAFile(KeyFile.Kind)
    /// Standard input is neither a pipe nor a file.
    case notHandedOver(KeyFile.Kind)
    case tooLarge
    /// The permission bits, some of which are too many.
    case exposed(mode: UInt32)
    case foreignGroup(gid: UInt32, mode: UInt32)
    case foreignOwner(uid: UInt32)

    package var description: String {
        switch self {
        case .malformed(let line, let what): return "line \(line): \(what)"
        case .noKey: return "it holds no key"
        case .unreadable(let errno): return "it cannot be opened (\(errorText(errno)))"
        case .denied(let uid):
            return "user \(uid), who runs this, may not open it; hint: it may belong to that user "
                + "with mode 400, or to root and a group of that user's with mode 440"
        case .linkToNothing: return "it is a link to a file that is not there"
        case .notAFile(.pipe), .notAFile(.socket):
            return "it is no file; hint: --keys - reads what comes on standard input"
        case .notAFile(let kind): return "it is \(kind.rawValue) and no file"
        case .notHandedOver(let kind):
            return "standard input is \(kind.rawValue); a file or a pipe is expected"
        case .tooLarge: return "it is larger than \(KeyFile.bytesMax) bytes"
        case .exposed(let mode):
            return "others may read it or write to it (mode \(Self.octal(mode))); hint: chmod 600, "
                + "or 440 for a group of the user's who runs this"
        case .foreignGroup(let gid, let mode):
            return "group \(gid) may read it (mode \(Self.octal(mode))), which is no group of the "
                + "user's who runs this; hint: chmod 600"
        case .foreignOwner(let uid):
            return "it belongs to user \(uid), who is neither root nor the user who runs this"
        }
    }

    private static func octal(_ mode: UInt32) -> String { String(mode, radix: 8) }
}
