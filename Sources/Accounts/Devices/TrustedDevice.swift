// A device that is trusted as of now.

package struct TrustedDevice: Equatable, Sendable {
    package let id: DeviceID
    package let expiresIn: Duration

    init(_ device: Device, at now: Instant, under policy: DevicePolicy) {
        id = device.id
        expiresIn = device.expiresAt(under: policy) - now
    }
}
