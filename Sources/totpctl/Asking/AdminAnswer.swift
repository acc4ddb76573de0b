// What the daemon answered, once it is known to be a yes.

import Foundation
import TOTPClient

struct AdminAnswer {
    /// As it came, without its LF.
    let line: String

    /// Throws `RefusedAnswer` for a no.
    init(_ reply: Reply) throws {
        guard reply.isYes else { throw RefusedAnswer(reply) }
        line = reply.text
    }

    /// Reads the fields that `Fields` names; the daemon may send others.
    func read<Fields: Decodable>(_ type: Fields.Type = Fields.self) throws -> Fields {
        do {
            return try JSONDecoder.protocolDecoder.decode(type, from: Data(line.utf8))
        } catch is DecodingError {
            throw ControlFault(
                "the daemon answered in words that this totpctl does not know",
                hint: "both should come from one package: totpctl doctor compares them")
        }
    }
}

/// A no of the daemon's.
struct RefusedAnswer: Error, CustomStringConvertible {
    private struct Fields: Decodable {
        let error: String
        let field: String?
        let detail: String?
        let retryAfter: Int?
    }

    /// The name of the refusal; nil when the line was no refusal either.
    let name: String?
    let description: String
    /// As it came.
    let line: String

    init(_ reply: Reply) {
        line = reply.text
        do {
            let fields = try JSONDecoder.protocolDecoder.decode(
                Fields.self, from: Data(reply.line))
            name = fields.error
            var words = fields.error
            if let field = fields.field { words += ": field '\(field)'" }
            if let detail = fields.detail { words += ": \(detail)" }
            if let wait = fields.retryAfter { words += " (try again in \(wait) s)" }
            description = words
        } catch {
            // The line itself may hold anything, so it is not repeated.
            name = nil
            description = "the daemon's answer is no reply of the protocol"
        }
    }
}

extension JSONDecoder {
    /// Reads names_like_this as namesLikeThis.
    static var protocolDecoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
