// Why there is no configuration: a sentence each, with file and line.

package struct ConfigurationFileFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let sentences: [String]
    package var description: String { sentences.joined(separator: "; ") }
}
