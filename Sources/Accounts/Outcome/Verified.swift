// What the right code of an account brings: how it was right, and what is left.

package struct Verified: Equatable, Sendable {
    package let method: CodeMethod
    package let backupCodesLeft: Int
    /// How many steps from the clock's the code's step was; nil for a backup code, and for an
    /// answer given once more.
    package var drift: Int8?
    package var device: TrustedDevice?

    package init(
        _ method: CodeMethod, backupCodesLeft: Int, drift: Int8? = nil,
        device: TrustedDevice? = nil
    ) {
        self.method = method
        self.backupCodesLeft = backupCodesLeft
        self.drift = drift
        self.device = device
    }
}
