// The number of a known browser's token, drawn at random. Nobody is shown it.

package struct BrowserID: Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }
}
