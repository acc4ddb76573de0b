// Counts an account's recent bad device tokens. Nobody can guess a token: this bounds the work that
// bad ones make.

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
