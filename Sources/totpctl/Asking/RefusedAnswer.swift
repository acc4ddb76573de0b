// A refusal from the daemon, as totpctl tells it to a person.

import FoundationEssentials
import TOTPClient

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
            description = "the daemon's answer is not a reply of the protocol"
        }
    }
}
