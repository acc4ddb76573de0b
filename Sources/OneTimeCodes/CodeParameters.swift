// What a secret's codes are made with: algorithm, digits and period. A value of this type is within
// the limits.

package struct CodeParameters: Equatable, Sendable {
    /// RFC 4226 §5.3 asks for six at least; HOTP's 31 bits fill no more than eight evenly enough.
    package static let digitsRange = 6...8
    /// Seconds. Shorter gives people no time to type; NIST SP 800-63B-4 §3.1.4.1 ends at two
    /// minutes, which a period of 60 and one step either side stay close to.
    package static let periodRange = 15...60
    /// What every authenticator app does; many ignore anything else.
    package static let standard = CodeParameters(.sha1, 6, 30)

    package let algorithm: CodeAlgorithm
    package let digits: Int
    /// Seconds a step lasts.
    package let period: Int

    private init(_ algorithm: CodeAlgorithm, _ digits: Int, _ period: Int) {
        self.algorithm = algorithm
        self.digits = digits
        self.period = period
    }

    package init?(algorithm: CodeAlgorithm, digits: Int, period: Int) {
        guard Self.digitsRange.contains(digits), Self.periodRange.contains(period) else {
            return nil
        }
        self.init(algorithm, digits, period)
    }
}
