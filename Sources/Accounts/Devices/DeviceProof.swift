// A device's token as the store keeps it: as hashes.

import Secrets

package struct DeviceProof: Equatable, Sendable {
    package static let digestBytes = SHA256.digestBytes
    package let id: DeviceID
    package let digest: [UInt8]

    package init(id: DeviceID, digest: [UInt8]) {
        self.id = id
        self.digest = digest
    }
}
