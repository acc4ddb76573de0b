// Slow work a decision needs before it can be made; it is done outside, and brought along.

package struct Preparation: Equatable, Sendable {
    /// The salt under which to hash the submitted backup code.
    package var salt: [UInt8]?
    package var newBackupCodes = false
    /// The salt under which to hash new backup codes, where they are to be compared with those that
    /// are there; nil for a fresh one.
    package var newCodesSalt: [UInt8]?
}
