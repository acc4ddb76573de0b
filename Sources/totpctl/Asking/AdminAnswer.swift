// What the daemon answered, once it is known to be a yes.

import FoundationEssentials
import TOTPClient

struct AdminAnswer {
    /// As it came, without its LF.
    let line: String

    /// Throws `RefusedAnswer` for a no.
    init(_ reply: Reply) throws {
        guard reply.isYes else { throw RefusedAnswer(reply) }
        line = reply.text
    }

    /// For how many seconds no code of the account is taken, because totpd's clock was ahead once;
    /// nil where nothing is to come.
    var clockBehind: Int? {
        get throws {
            struct Behind: Decodable { let clockBehind: Int? }
            // An import has many answers, and nearly all of them are short.
            guard line.contains("clock_behind") else { return nil }
            return try read(Behind.self).clockBehind
        }
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
