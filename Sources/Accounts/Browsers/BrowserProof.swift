// A known browser's token as the store keeps it: its number, and a hash of the whole.

package struct BrowserProof: Equatable, Sendable {
    package static let digestBytes = 16
    package let id: BrowserID
    package let digest: [UInt8]

    package init(id: BrowserID, digest: [UInt8]) {
        self.id = id
        self.digest = digest
    }
}
