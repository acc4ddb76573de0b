// A token of a lane's row: random, in the form of an id.

import Accounts
import Secrets

extension RecordID {
    static func randomToken() -> RecordID {
        let bytes = Randomness.bytes(16)
        return RecordID(
            high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
            low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    }
}
