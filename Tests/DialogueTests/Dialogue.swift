// A conversation with totpd as a value: what is said, by whom and when, and what has to come back.

import Accounts
import JSON
import Testing
import Wire

/// How much of totpd a dialogue is played against.
enum Depth: Int, CaseIterable, Sendable, CustomTestStringConvertible {
    /// The dispatcher, over memory.
    case dispatcher = 1
    /// The server in this process, on real sockets, over LMDB.
    case sockets = 2
    /// The real program under a clock of our own.
    case daemon = 3

    var testDescription: String { "\(self)" }
}

struct Dialogue: Sendable {
    let title: String
    let depths: Set<Depth>
    let steps: [Step]
}

struct Step: Sendable {
    /// Where it stands in its text.
    let line: Int
    let kind: Kind

    enum Kind: Sendable {
        case at(Instant)
        case after(Accounts.Duration)
        /// A new server on the same store.
        case restart
        /// The text of totpd.toml, from here on.
        case configure(String)
        /// From here on `->` speaks on the socket of this app.
        case app(AppName)
        case exchange(Voice, Template, reply: [JSONField])
        /// One line more for whoever watches.
        case hearing([JSONField])
    }
}

/// Who speaks: `->`, `admin ->`, or `watcher ->`, an admin on a connection of its own, who may get
/// lines that no request asked for.
enum Voice: String, CaseIterable, Sendable {
    case app = ""
    case admin = "admin "
    case watcher = "watcher "
}

/// A request line with holes for what is known only while it is played.
struct Template: Sendable {
    enum Piece: Equatable, Sendable {
        case text(String)
        case bound(name: String, Spelling)
        case code(CodeHole)
    }

    let pieces: [Piece]
}

/// `<code …>` or `<wrong …>`.
struct CodeHole: Equatable, Sendable {
    enum Secret: Equatable, Sendable {
        case name(String)
        case base32(String)
    }

    var secret: Secret
    /// A code of no step of the window.
    var isWrong: Bool
    var stepOffset: Int64 = 0
    var algorithm = "SHA1"
    var digits = 6
    var period = 30
    var spelling = Spelling.asIs
}

/// The ways in which people, and guessers, write the same code.
enum Spelling: String, Sendable {
    case asIs
    /// Capitals.
    case upper
    /// Without hyphens.
    case bare
    /// A space after each character.
    case spaced
    /// A space, or a hyphen, in the middle.
    case split
    case hyphened
    /// `0` as `O`, `1` as `l`.
    case confused
    /// The digits U+FF10 to U+FF19.
    case wide
    /// The digits U+0660 to U+0669.
    case arabic

    func write(_ text: String) -> String {
        let half = text.index(text.startIndex, offsetBy: text.count / 2)
        switch self {
        case .asIs: return text
        case .upper: return text.uppercased()
        case .bare: return String(text.filter { $0 != "-" })
        case .spaced: return text.map { "\($0) " }.joined()
        case .split: return "\(text[..<half]) \(text[half...])"
        case .hyphened: return "\(text[..<half])-\(text[half...])"
        case .confused: return String(text.map { $0 == "0" ? "O" : $0 == "1" ? "l" : $0 })
        case .wide: return Self.moved(text, zero: 0xFF10)
        case .arabic: return Self.moved(text, zero: 0x0660)
        }
    }

    private static func moved(_ text: String, zero: UInt32) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isDigit = ("0"..."9").contains(scalar)
            let moved = Unicode.Scalar(scalar.value &- 48 &+ zero)
            scalars.append(isDigit ? moved ?? scalar : scalar)
        }
        return String(scalars)
    }
}

/// Why a text is no dialogue, or why it did not go as it says.
struct DialogueFault: Error, Equatable, CustomStringConvertible {
    let line: Int
    let reason: String

    var description: String { "line \(line): \(reason)" }
}
