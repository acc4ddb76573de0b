// What a `verify` wants for its browser if the code is right: tokens, which are drawn at random.

package struct VerifyWishes: Equatable, Sendable {
    /// Whether it is to be remembered as a device, and what its owner calls it.
    package var isRemembered = false
    package var label: String?
    /// Whether its wrong codes are to be counted apart from those of strangers.
    package var isKnown = false

    init() {}
}
