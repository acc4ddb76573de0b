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
                "this totpctl does not understand the daemon's answer",
                hint: "both must come from the same package: totpctl doctor compares them")
        }
    }
}
