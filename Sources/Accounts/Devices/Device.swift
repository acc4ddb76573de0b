// A browser that is remembered and needs no code, and how its token changes with each use.

import Secrets

package struct Device: Equatable, Sendable {
    package let id: DeviceID
    /// What its owner calls it.
    package let label: String?
    package var createdAt: Instant
    /// When its token was last changed for a new one.
    package var usedAt: Instant
    /// The hash of the token that was given out last.
    package var current: [UInt8]
    /// Whether the browser has sent that one, so that it has arrived.
    package var hasArrived: Bool
    /// The hash of the one before.
    package var previous: [UInt8]?

    package init(
        id: DeviceID, label: String?, createdAt: Instant, usedAt: Instant, current: [UInt8],
        previous: [UInt8]?, hasArrived: Bool = false
    ) {
        self.id = id
        self.label = label
        self.createdAt = createdAt
        self.usedAt = usedAt
        self.current = current
        self.previous = previous
        self.hasArrived = hasArrived
    }

    func expiresAt(under policy: DevicePolicy) -> Instant { createdAt + policy.lifetime }

    fileprivate func isExpired(at now: Instant, under policy: DevicePolicy) -> Bool {
        now >= expiresAt(under: policy)
    }

    /// What one of its tokens is worth.
    enum Standing {
        /// It is given up for a new one.
        case current
        /// It is good as it is: the tokens were replaced a moment ago, by another request of the
        /// same browser.
        case justReplaced
        /// The one before, and the one that replaced it has never arrived: its answer was lost.
        case unanswered
        /// Two hold this series: one of them is not its owner.
        case stale
    }

    func standing(of digest: [UInt8], at now: Instant) -> Standing {
        let isRecent = previous != nil && now - usedAt < Policy.deviceGrace
        if Self.areEqual(digest, current) { return isRecent ? .justReplaced : .current }
        guard let previous, Self.areEqual(digest, previous) else { return .stale }
        if isRecent { return .justReplaced }
        return hasArrived ? .stale : .unanswered
    }

    /// The browser has sent this token, which is good.
    mutating func note(_ digest: [UInt8]) {
        if Self.areEqual(digest, current) { hasArrived = true }
    }

    /// Gives up the token that was sent. One that never arrived is void.
    mutating func replaceToken(_ sent: [UInt8], by next: [UInt8], at now: Instant) {
        previous = sent
        current = next
        hasArrived = false
        usedAt = now
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in SecretBytes.areEqual(left, right) }
        }
    }
}

extension Account {
    /// Expired; or of a store that was put back since, which may have forgotten that the device was
    /// ended and which of its tokens were given up.
    func isOver(_ device: Device, at now: Instant, under policy: DevicePolicy) -> Bool {
        device.isExpired(at: now, under: policy) || device.createdAt <= usedBefore.devices
    }

    /// Remembers one more; at the cap it takes the place of the one that was used longest ago.
    mutating func remember(
        _ new: NewDevice, at now: Instant, under policy: DevicePolicy
    ) -> TrustedDevice {
        let device = Device(
            id: new.proof.id, label: new.label, createdAt: now, usedAt: now,
            current: new.proof.digest, previous: nil)
        devices = devices.filter { $0.id != device.id && !isOver($0, at: now, under: policy) }
        while devices.count >= policy.max, let oldest = devices.min(by: { $0.usedAt < $1.usedAt }) {
            devices.removeAll { $0.id == oldest.id }
        }
        devices.append(device)
        return TrustedDevice(device, at: now, under: policy)
    }
}
