// Which way this host's clock is wrong, as the accepted codes tell it: phones keep their clocks
// right, so if most codes are off, the host is.

package enum ClockSkew: Sendable {
    case fast
    case slow
}
