// What the right code of an account brings: how it was right, and what is left.

package struct Verified: Equatable, Sendable {
    package let method: CodeMethod
    package let backupCodesLeft: Int
    /// Since the last yes: somebody's slips, or somebody else's guesses.
    package let wrongCodes: UInt16
    /// How many steps from the clock's the code's step was; nil for a backup code, and for an
    /// answer given once more.
    package var drift: Int8?
    package var device: TrustedDevice?
    /// Whether the browser is known from now on, by a token that the request brought along.
    package var isBrowserKnown = false

    package init(
        _ method: CodeMethod, backupCodesLeft: Int, wrongCodes: UInt16 = 0, drift: Int8? = nil,
        device: TrustedDevice? = nil
    ) {
        self.method = method
        self.backupCodesLeft = backupCodesLeft
        self.wrongCodes = wrongCodes
        self.drift = drift
        self.device = device
    }
}
