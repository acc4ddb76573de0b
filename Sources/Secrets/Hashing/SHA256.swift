// SHA-256 without a key. The state is wiped, since what was hashed may be a secret.

import COpenSSL

package enum SHA256 {
    package static let digestBytes = SHA256_CTX.digestBytes

    package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: digestBytes) { buffer, count in
            hash(bytes, into: UnsafeMutableRawBufferPointer(buffer))
            count = digestBytes
        }
    }

    /// Writes the 32 bytes of the hash.
    package static func hash(
        _ bytes: UnsafeRawBufferPointer, into digest: UnsafeMutableRawBufferPointer
    ) {
        guard digest.count >= digestBytes, let output = digest.baseAddress else {
            preconditionFailure("a digest longer than its buffer")
        }
        withUnsafeTemporaryAllocation(of: SHA256_CTX.self, capacity: 1) { states in
            guard let state = states.baseAddress else { return }
            SHA256_CTX.start(state)
            SHA256_CTX.absorb(state, bytes)
            SHA256_CTX.finish(state, output)
            // What is hashed may be a secret, and the state is that for a short one.
            wipe(UnsafeMutableRawBufferPointer(states))
        }
    }
}
