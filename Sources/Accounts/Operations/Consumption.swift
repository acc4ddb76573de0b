// What using up a code came to.

enum Consumption {
    /// With how many steps from the clock's a TOTP code's step was.
    case accepted(Account, CodeMethod, drift: Int8?)
    /// Refused or in need of preparation; the outcome as it stands.
    case not(Outcome)
}
