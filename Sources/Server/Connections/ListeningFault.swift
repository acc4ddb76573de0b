// Why there is no socket at a path.

package struct ListeningFault: Error, Sendable, CustomStringConvertible {
    package let path: String
    package let reason: String
    package var description: String { "socket '\(path)': \(reason)" }
}
