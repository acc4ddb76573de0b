// What a `verify` says of the browser that its code comes from, and what it wants for it.

package struct AskedBrowser: Equatable, Sendable {
    /// Nil where nothing was sent, or a text that is no token: then it is a stranger's.
    package var sent: BrowserProof?
    /// To be known by, from a right code on; nil when that is not wanted.
    package var next: BrowserProof?
    /// Whether a right code of a known browser takes back the failures of strangers.
    package var readmits = false

    package init() {}
}
