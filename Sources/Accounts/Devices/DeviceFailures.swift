// How many bad device tokens an account has met of late. They are nothing to guess; what it bounds
// is the work they make. It must never need a timer.

package struct DeviceFailures: Equatable, Sendable {
    /// When all will be forgotten: each adds `Policy.deviceFailurePeriod`.
    package var emptyAt = Instant.distantPast

    package init() {}

    static let period = Policy.deviceFailurePeriod * Policy.deviceFailuresMax

    /// Until one more may be counted, or nil when it may be now.
    func wait(at now: Instant) -> Duration? {
        let next = emptyAt + Policy.deviceFailurePeriod
        let end = now + Self.period
        return next > end ? next - end : nil
    }

    mutating func add(at now: Instant) {
        emptyAt = max(emptyAt, now) + Policy.deviceFailurePeriod
    }
}
