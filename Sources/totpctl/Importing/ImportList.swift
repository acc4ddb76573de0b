// A file of accounts, read to its end before the first request. A file with a broken form brings in
// no row.

import AccountLists
import Accounts
import ArgumentParser
import FoundationEssentials
import Glibc
import Secrets

struct ImportList {
    private static let shownUsers = 5
    /// More than a million accounts as `export` writes them, in about three times the memory.
    private static let bytesMax = 512 << 20

    private let file: String
    private let text: String
    private let format: ListFormat
    private let allowsShort: Bool
    private let isGuessed: Bool
    /// One moment for both readings.
    private let now: Instant
    private(set) var rows = 0
    private var firstUsers: [String] = []
    /// Whether a row leaves its app to the command line.
    private var needsApp = false

    init(file: String, format: ListFormat?, allowsShort: Bool) throws {
        self.file = file
        self.allowsShort = allowsShort
        isGuessed = format == nil
        now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let bytes = try Self.bytes(of: file)
        do throws(ListFault) {
            text = try ListText.decode(bytes)
            if let format { self.format = format } else { self.format = try ListFormat(of: text) }
        } catch {
            throw Self.refusal(of: file, error)
        }
        try survey()
    }

    func read(_ body: (ListRow) throws -> Void) throws {
        do {
            try AccountList.read(text, as: format, at: now, allowsShort: allowsShort, body)
        } catch let fault as ListFault {
            throw Self.refusal(of: file, fault)
        }
    }

    /// Refuses the app that the command line names, or leaves unsaid, when nobody would ask for it.
    func expect(_ app: String, among known: Set<String>) throws {
        guard needsApp, !known.contains(app) else { return }
        printError(
            "totpctl: the daemon's configuration names no app '\(app)', but "
                + known.sorted().joined(separator: ", "))
        printError("hint: --app says which one; --any-app accepts one that is not configured")
        throw ControlStatus.no
    }

    /// What the file was taken for, by its content alone; nil for a list that was made for an
    /// import.
    var program: String? { isGuessed ? format.program : nil }

    /// For a person to see at a glance whether the right column was taken for the user.
    var firstUsersText: String {
        guard !firstUsers.isEmpty else { return "no row could come in" }
        let quoted = firstUsers.map { "\"\($0)\"" }.joined(separator: ", ")
        return "the first users: \(quoted)"
    }

    private mutating func survey() throws {
        var (rows, users, needsApp) = (0, [String](), false)
        try read { row in
            rows += 1
            guard case .success(let account) = row.account else { return }
            if users.count < Self.shownUsers, !users.contains(account.user) {
                users.append(account.user)
            }
            if account.app == nil { needsApp = true }
        }
        (self.rows, firstUsers, self.needsApp) = (rows, users, needsApp)
    }

    /// Says why, and gives the status that the answer no has.
    private static func refusal(of file: String, _ fault: ListFault) -> ExitCode {
        printError("totpctl: '\(file)': \(fault)")
        return ControlStatus.no
    }

    /// Reads to the end, whatever kind of file it is: `Data(contentsOf:)` would ask a pipe for its
    /// length.
    private static func bytes(of file: String) throws -> [UInt8] {
        let descriptor = file == "-" ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(file, errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(file, errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= bytesMax else {
                throw refusal(of: file, ListFault("it has more than 512 MiB: divide it"))
            }
        }
    }

    private static func unreadable(_ file: String, _ number: Int32) -> ControlFault {
        ControlFault("'\(file)' cannot be read (\(errorText(number)))")
    }
}
