// A reply as a client reads it: every field of protocol.md that a test may look at. A line without
// `ok` is no reply, and does not decode.

import Foundation

package struct Reply: Decodable, Equatable, Sendable {
    package struct Budget: Decodable, Equatable, Sendable {
        package let failures: Int
        package let longCount: Int
        package let locked: Bool
        package let retryAfter: Int?
    }

    package struct Entry: Decodable, Equatable, Sendable {
        package let what: String
    }

    package let ok: Bool
    package let error: String?
    package let field: String?
    package let retryAfter: Int?
    package let detail: String?
    package let app: String?
    package let ops: [String]?
    package let secret: String?
    package let uri: String?
    package let qr: String?
    package let backupCodes: [String]?
    package let method: String?
    package let backupCodesLeft: Int?
    package let enrolled: Bool?
    package let pending: Bool?
    package let locked: Bool?
    package let lastStepAt: Int?
    package let device: String?
    package let browser: String?
    package let history: [Entry]?
    package let totp: Budget?
    package let backup: Budget?
    package let keyId: String?
    package let accounts: Int?
    package let events: Int?
    package let bytes: Int?
    package let unreadable: Int?
    package let state: String?
    package let reasons: [String]?
    package let clock: String?

    package init(_ line: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            self = try decoder.decode(Reply.self, from: Data(line.utf8))
        } catch {
            throw HarnessFault("this is no reply: \(line)")
        }
    }

    /// `ok`, or the name of the refusal: what most tests compare.
    package var brief: String { ok ? "ok" : error ?? "no without a name" }
}

extension Sequence<Reply> {
    /// How many replies there are of each kind.
    package var tally: [String: Int] {
        reduce(into: [:]) { $0[$1.brief, default: 0] += 1 }
    }
}
