// The browsers that a person may have remembered, so that they need no code.

package struct DevicePolicy: Equatable, Sendable {
    package static let standard = DevicePolicy()

    /// How long one is remembered; zero when none is.
    package var lifetime = Policy.deviceLifetime
    /// Devices of one account at most.
    package var max = Policy.devicesMax

    package init() {}

    package var isOn: Bool { lifetime > .zero }
}
