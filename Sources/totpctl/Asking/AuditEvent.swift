// An event as totpctl shows it. It holds no code: the daemon never kept one.

import Glibc

struct AuditEvent: Decodable {
    let seq: Int
    let at: Int
    let app: String
    let user: String
    let op: String
    let result: String
    let method: String?
    let alert: String?
    let uid: UInt32
    let pid: Int32
    let reason: String?
    let source: String?
    let to: String?

    static let header = ["AT", "APP", "USER", "OPERATION", "RESULT", "BY"]

    var cells: [String] {
        [TimeArgument.text(at), app, user.isEmpty ? "-" : user, op, outcome, who]
    }

    /// `ok (totp)`, `wrong_code ALERT locked from 203.0.113.7`, and the reason where there is one.
    private var outcome: String {
        var words = result
        if let method { words += " (\(method))" }
        if let alert { words += " ALERT \(alert)" }
        if let source { words += " from \(source)" }
        if let to { words += " to \(to)" }
        if let reason { words += ": \(reason)" }
        return words
    }

    private var who: String { "\(Self.name(of: uid))[\(pid)]" }

    private static func name(of uid: UInt32) -> String {
        guard let entry = getpwuid(uid), let name = entry.pointee.pw_name else { return "\(uid)" }
        return String(cString: name)
    }

    static func table(_ events: [AuditEvent]) -> Table {
        var table = Table(header)
        for event in events { table.add(event.cells) }
        return table
    }
}
