// A guard as it was found, and which factor record it was written with.

import Accounts
import Store

struct StoredGuard {
    let state: Guard
    let hasFactorRecord: Bool
    /// Nil in what older versions wrote.
    let mark: FactorMark?

    /// - Parameters:
    ///   - factor: of the record that is there.
    ///   - version: of its seal; nil when there is none.
    func belongs(to factor: FactorMark, sealedAs version: UInt8?) -> Bool {
        if let mark { return mark == factor }
        // Whoever writes such a factor writes its guard anew.
        return version.map { $0 < AccountRecord.firstPairVersion } ?? true
    }
}
