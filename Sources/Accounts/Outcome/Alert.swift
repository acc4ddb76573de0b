// What somebody should look into. Raw values are part of the protocol.

package enum Alert: String, Equatable, Sendable {
    /// The account has just been locked.
    case locked
    /// The long count is full: someone has been guessing for weeks.
    case longCount = "long_count"
    /// Two browsers hold one device's series.
    case stolenDevice = "stolen_device"
    /// The host's clock was set, or the host was off for long; nothing is removed as old meanwhile.
    case clockJumped = "clock_jumped"
}
