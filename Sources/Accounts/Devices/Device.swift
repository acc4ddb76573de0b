// A browser that is remembered and needs no code, and how its token changes with each use.

import Secrets

package struct Device: Equatable, Sendable {
    package let id: DeviceID
    /// What its owner calls it.
    package let label: String?
    package var createdAt: Instant
    /// When its token was last changed for a new one.
    package var usedAt: Instant
    /// The hash of the token that it carries.
    package var current: [UInt8]
    /// The hash of the one before.
    package var previous: [UInt8]?

    package init(
        id: DeviceID, label: String?, createdAt: Instant, usedAt: Instant, current: [UInt8],
        previous: [UInt8]?
    ) {
        self.id = id
        self.label = label
        self.createdAt = createdAt
        self.usedAt = usedAt
        self.current = current
        self.previous = previous
    }

    func expiresAt(under policy: DevicePolicy) -> Instant { createdAt + policy.lifetime }

    fileprivate func isExpired(at now: Instant, under policy: DevicePolicy) -> Bool {
        now >= expiresAt(under: policy)
    }

    /// What one of its tokens is worth.
    enum Standing {
        case current
        /// Given up a moment ago, by another request of the same browser.
        case justReplaced
        /// Two hold this series: one of them is not its owner.
        case stale
    }

    func standing(of digest: [UInt8], at now: Instant) -> Standing {
        if Self.areEqual(digest, current) { return .current }
        let isRecent = now - usedAt < Policy.deviceGrace
        if let previous, Self.areEqual(digest, previous), isRecent { return .justReplaced }
        return .stale
    }

    mutating func replaceToken(_ digest: [UInt8], at now: Instant) {
        previous = current
        current = digest
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
