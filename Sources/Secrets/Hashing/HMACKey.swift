// A key of HMAC-SHA-256, absorbed once, for keys that authenticate many messages. The absorbed
// state is as secret as the key.

import COpenSSL

package struct HMACKey: Sendable {
    package static let digestBytes = SHA256_CTX.digestBytes
    /// The inner state and the outer one.
    private let states: SecretBytes

    package init(_ key: SecretBytes) {
        states = SecretBytes(count: 2 * MemoryLayout<SHA256_CTX>.stride) { memory in
            let states = memory.bindMemory(to: SHA256_CTX.self)
            guard let inner = states.baseAddress else { return }
            key.withBytes { HMACPads.write($0, inner: inner, outer: inner + 1) }
        }
    }

    /// Writes the 32 bytes of the digest of `message`.
    package func authenticate(
        _ message: UnsafeRawBufferPointer, into digest: UnsafeMutableRawBufferPointer
    ) {
        withUnsafeTemporaryAllocation(of: SHA256_CTX.self, capacity: 1) { work in
            states.withBytes { states in
                let states = states.assumingMemoryBound(to: SHA256_CTX.self)
                guard let inner = states.baseAddress, let work = work.baseAddress else { return }
                HMACPads(inner: inner, outer: inner + 1)
                    .authenticate(message, work: work, digest: digest)
            }
            wipe(UnsafeMutableRawBufferPointer(work))
        }
    }
}
