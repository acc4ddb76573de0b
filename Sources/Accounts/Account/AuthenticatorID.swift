// What an account calls one of its authenticators. It may be shown.

/// From 1 on, in the order in which they came. One that is gone gives its number to none of the
/// next 254, so that whoever removes twice does not remove two.
package struct AuthenticatorID: RawRepresentable, Hashable, Sendable {
    package static let first = AuthenticatorID(unchecked: 1)

    package let rawValue: UInt8

    /// Nil for 0, which is none.
    package init?(rawValue: UInt8) {
        guard rawValue > 0 else { return nil }
        self.rawValue = rawValue
    }

    private init(unchecked rawValue: UInt8) { self.rawValue = rawValue }

    /// Behind 255 comes 1.
    var next: AuthenticatorID { AuthenticatorID(unchecked: rawValue == .max ? 1 : rawValue + 1) }
}
