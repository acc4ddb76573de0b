// What a list says, as lines that a test compares. The secrets in them are made up.

import Accounts
import Foundation

@testable import AccountLists

enum Rows {
    static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    static let now = Instant(seconds: 1_764_489_600)

    /// "number: user secret algorithm/digits/period last_step app", or what is wrong; a row each.
    static func of(_ text: String, _ format: ListFormat? = nil) throws -> [String] {
        let known = try format ?? ListFormat(of: text)
        var rows: [String] = []
        try AccountList.read(text, as: known, at: now) { row in
            switch row.account {
            case .success(let account): rows.append("\(row.number): \(Self.text(account))")
            case .failure(let fault): rows.append("\(row.number): wrong: \(fault)")
            }
        }
        return rows
    }

    /// The same of a file's bytes; of a file that is refused as a whole, why.
    static func of(bytes: [UInt8]) throws -> [String] {
        do {
            return try of(ListText.decode(bytes))
        } catch let fault as ListFault {
            return ["refused: \(fault)"]
        }
    }

    /// Why the one row of a list is wrong; nil when it comes in.
    static func fault(_ text: String, _ format: ListFormat? = nil) throws -> String? {
        let rows = try of(text, format)
        guard rows.count == 1, let range = rows[0].range(of: ": wrong: ") else { return nil }
        return String(rows[0][range.upperBound...])
    }

    /// The user of the one row of a list; nil when it is wrong.
    static func user(_ text: String, _ format: ListFormat? = nil) throws -> String? {
        var user: String?
        try AccountList.read(text, as: try format ?? ListFormat(of: text), at: now) { row in
            if case .success(let account) = row.account { user = account.user }
        }
        return user
    }

    private static func text(_ account: ListedAccount) -> String {
        let parameters = account.parameters
        return
            "\(account.user) \(account.secret) \(parameters.algorithm.name)/"
            + "\(parameters.digits)/\(parameters.period)"
            + (account.lastStep.map { " \($0)" } ?? "") + (account.app.map { " \($0)" } ?? "")
            + (account.backupCodes.map { " " + $0.joined(separator: " ") } ?? "")
            + account.warnings.map { "; warning: \($0)" }.joined()
    }
}
