// A deadline as poll(2) takes it.

extension ContinuousClock.Instant {
    /// Until then, rounded up; never negative, which would be for ever.
    var millisecondsLeft: Int32 {
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: self).components
        guard seconds >= 0, attoseconds > 0 || seconds > 0 else { return 0 }
        return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}
