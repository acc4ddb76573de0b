// XAES-256-GCM's derivation: from a sealing key and the first half of a nonce to a key of
// AES-256-GCM. A derived key lives as long as the closure it is lent to, or in an OpenSSL context.

import COpenSSL

extension SealingKey {
    /// CMAC's first subkey (NIST SP 800-38B §6.1).
    static func subkey(of key: SecretBytes) -> SecretBytes {
        SecretBytes(count: 16) { subkey in
            encryptBlocks(under: key, subkey)
            double(subkey)
        }
    }

    /// Derives the key for one nonce: NIST SP 800-108 in counter mode over CMAC-AES-256, with the
    /// label "X" and the nonce's first 12 bytes as context.
    func withDerivedKey(
        _ nonce: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { blocks in
            for counter in 0..<2 {
                let block = UnsafeMutableRawBufferPointer(
                    rebasing: blocks[(16 * counter)..<(16 * counter + 16)])
                // The counter, 16 bits, then "X" and a zero.
                block.storeBytes(
                    of: (UInt32(counter + 1) << 16 | 0x5800).bigEndian, as: UInt32.self)
                UnsafeMutableRawBufferPointer(rebasing: block[4...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: nonce[..<12]))
                subkey.withBytes { subkey in
                    for index in 0..<16 { block[index] ^= subkey[index] }
                }
            }
            Self.encryptBlocks(under: key, blocks)
            body(UnsafeRawBufferPointer(blocks))
            wipe(blocks)
        }
    }

    /// Encrypts whole 16-byte blocks in place, each on its own.
    static func encryptBlocks(
        under key: SecretBytes, _ blocks: UnsafeMutableRawBufferPointer
    ) {
        let contexts = CryptoContexts.current
        if contexts.blockKey !== key {
            key.withBytes { key in
                require(
                    EVP_EncryptInit_ex(contexts.block, nil, nil, key.pointer, nil), "deriving a key"
                )
            }
            contexts.blockKey = key
        }
        var length: Int32 = 0
        require(
            EVP_EncryptUpdate(
                contexts.block, blocks.pointer, &length, blocks.pointer, Int32(blocks.count)),
            "deriving a key")
    }

    /// Doubling in GF(2¹²⁸) (NIST SP 800-38B §6.1, step 2).
    private static func double(_ block: UnsafeMutableRawBufferPointer) {
        let carry = block[0] >> 7
        for index in 0..<15 { block[index] = block[index] << 1 | block[index + 1] >> 7 }
        // Multiplied, not branched on: the carry is a bit of the key.
        block[15] = block[15] << 1 ^ carry &* 0x87
    }
}
