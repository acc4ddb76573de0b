// Which way this host's clock is wrong, as the accepted codes tell it: phones keep their clocks
// right, so if most codes are off, the host is.

/// What the codes tell of this host's clock.
package enum ClockSkew: Sendable {
    case fast
    case slow
}
