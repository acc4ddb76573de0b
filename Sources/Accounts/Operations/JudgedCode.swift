// What a TOTP code is now for one authenticator.

struct JudgedCode {
    /// In the order in which one outweighs another, where an account has several authenticators.
    enum Kind: Int, Comparable {
        case wrong
        /// Right for a step behind the only one that is accepted, and answered as a wrong one.
        case early
        case used
        /// Right for a step before the only one that is accepted.
        case tooOld
        case right

        static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    static let wrong = JudgedCode(kind: .wrong, began: .distantPast, drift: 0)

    let kind: Kind
    /// When the step began; without meaning for a wrong code.
    let began: Instant
    /// How far the step is from the clock's.
    let drift: Int8
}
