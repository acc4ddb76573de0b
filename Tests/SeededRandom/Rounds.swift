// How often something is drawn: seldom in `make test`, often in `make proof`, where what needs
// minutes and seldom finds anything has its place.

import Foundation

package enum Rounds {
    private static let environment = ProcessInfo.processInfo.environment

    /// Whether this is the long proof (TOTPD_PROOF=1).
    package static let isProof = environment["TOTPD_PROOF"] == "1"

    /// - Returns: `usual`, or `proof` in the long proof; or, where somebody looks for one fault, as
    ///   many as TOTPD_ROUNDS says.
    package static func number(_ usual: Int, proof: Int) -> Int {
        environment["TOTPD_ROUNDS"].flatMap { Int($0) } ?? (isProof ? proof : usual)
    }

    /// - Returns: the same for a size, which TOTPD_ROUNDS does not change.
    package static func size(_ usual: Int, proof: Int) -> Int { isProof ? proof : usual }
}
