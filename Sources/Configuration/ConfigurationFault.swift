// Why a text is no configuration, and where.

package struct ConfigurationFault: Error, Equatable, Sendable {
    /// From 1; nil when it is about the file as a whole.
    package let line: Int?
    /// What is wrong; what is expected.
    package let reason: String

    package init(line: Int?, reason: String) {
        self.line = line
        self.reason = reason
    }
}
