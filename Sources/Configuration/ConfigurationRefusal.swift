// All that is wrong with a configuration's text, in the order of its lines.

package struct ConfigurationRefusal: Error, Equatable, Sendable {
    package let faults: [ConfigurationFault]

    init(faults: [ConfigurationFault]) {
        self.faults = faults.sorted { ($0.line ?? 0, $0.reason) < ($1.line ?? 0, $1.reason) }
    }
}
