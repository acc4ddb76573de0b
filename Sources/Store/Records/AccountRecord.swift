// An account as bytes: two records, one that attempts only read (factor) and one that they change
// (guard). Every released version stays readable for ever.
//
// To change the format: raise `version`, keep the old reader, add a fixture that the old code wrote
// to Tests/Fixtures, and only then change the writer.

import Accounts
import OneTimeCodes
import Secrets

package enum AccountRecord {
    /// The version this code writes. It is also sealed in, as associated data.
    package static let version: UInt8 = 12
    /// The versions it reads: 1 knew no devices, no drift and no history; up to 2 a guard has all
    /// fields, in 3 only those that are not as in a new account; 4 knows one kind of attempt more;
    /// 5 knows of a secret what the store had forgotten when it was made; 6 knows the drifts of
    /// four accepted codes, where 2 to 5 know one; 7 knows how many codes were wrong since the last
    /// yes; 8 knows of a device's token whether it has arrived; 9 has known browsers; 10 is laid
    /// out as 9; 11 has several authenticators, and their names; 12 knows whose clock is behind.
    package static let versions: ClosedRange<UInt8> = 1...12

    /// What the two records of an account are sealed as, together.
    package static let pairVersion = version
    /// From this one on the guard begins with the mark of the factor (`FactorMark`).
    package static let firstPairVersion: UInt8 = 10
    /// What records of accounts may be sealed as.
    package static let sealedVersions = versions

    /// Which version's layout a record has that is sealed as one.
    package static func layout(sealedAs version: UInt8) -> UInt8 {
        version == firstPairVersion ? 9 : version
    }
}

extension RecordReader {
    package mutating func readFlag() throws(RecordFault) -> Bool {
        switch try read(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw .malformed
        }
    }

    mutating func readInstant() throws(RecordFault) -> Instant {
        let moment = Instant(milliseconds: try read(Int64.self))
        guard Instant.range.contains(moment) else { throw .malformed }
        return moment
    }
}
