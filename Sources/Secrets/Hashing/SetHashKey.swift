// Hashes elements of sets: CBC-MAC with AES-256 over three blocks, which say the domain, the place
// in it, and what is there. All messages have this length, so it is a pseudo-random function
// (Bellare, Kilian and Rogaway, 2000). Whoever lacks the key cannot find elements whose hashes
// cancel each other out, and sees no hash either: where a set's hash is kept, it is sealed.

package struct SetHashKey: Sendable {
    private let key: SecretBytes
    /// What comes out of the first block, by domain.
    private let starts: [SetHash]

    /// - Parameters:
    ///   - key: 32 bytes, for nothing else.
    ///   - domains: how many there are, numbered from 0.
    package init(_ key: SecretBytes, domains: Int) {
        self.key = key
        starts = (0..<domains).map { domain in
            withUnsafeTemporaryAllocation(byteCount: SetHash.bytes, alignment: 8) { block in
                block.storeBytes(of: UInt64(domain).bigEndian, as: UInt64.self)
                block.storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
                SealingKey.encryptBlocks(under: key, block)
                return SetHash(UnsafeRawBufferPointer(block))
            }
        }
    }

    /// What comes out of the first block, with the second.
    func start(in domain: Int, at place: SetHash) -> SetHash {
        var start = starts[domain]
        start ^= place
        return start
    }

    func encrypt(_ blocks: UnsafeMutableRawBufferPointer) {
        SealingKey.encryptBlocks(under: key, blocks)
    }
}
