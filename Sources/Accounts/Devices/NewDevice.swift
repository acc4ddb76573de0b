// A device that is to be remembered if the code is right.

package struct NewDevice: Equatable, Sendable {
    package let proof: DeviceProof
    package let label: String?

    package init(proof: DeviceProof, label: String?) {
        self.proof = proof
        self.label = label
    }
}
