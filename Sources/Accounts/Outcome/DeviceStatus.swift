// What an app may see of a remembered device.

package struct DeviceStatus: Equatable, Sendable {
    package let id: DeviceID
    package let label: String?
    package let createdAt: Instant
    package let usedAt: Instant
    package let expiresAt: Instant

    init(_ device: Device, under policy: DevicePolicy) {
        id = device.id
        label = device.label
        createdAt = device.createdAt
        usedAt = device.usedAt
        expiresAt = device.expiresAt(under: policy)
    }
}
