// Authenticated encryption: XAES-256-GCM (C2SP, c2sp.org/XAES-256-GCM), AES-256-GCM under a key
// derived afresh for every seal. It must never return a byte that did not authenticate.
//
// Why not plain AES-256-GCM: its 96-bit random nonces are good for 2³² seals a key, which 10⁵ seals
// a second spend in half a day. Here the nonce has 192 bits, and one key is good for 2⁸⁰ seals at a
// collision risk of 2⁻³², so nothing has to be counted. The derivation is two AES blocks.

import COpenSSL

/// What did not open: a wrong key, a damaged record, or one moved from elsewhere. They look alike.
package struct OpeningFault: Error, Equatable, Sendable {}

package final class SealingKey: Sendable {
    package static let keyBytes = 32
    package static let nonceBytes = 24
    package static let tagBytes = 16
    /// What sealing adds to the plain text: 40 bytes.
    package static let overhead = nonceBytes + tagBytes

    private let key: SecretBytes
    /// CMAC's first subkey (NIST SP 800-38B §6.1), which the derivation mixes in.
    private let subkey: SecretBytes

    package init(_ key: SecretBytes) {
        precondition(key.count == Self.keyBytes, "a sealing key has 32 bytes")
        self.key = key
        subkey = SecretBytes(count: 16) { subkey in
            Self.encryptBlocks(under: key, subkey)
            Self.double(subkey)
        }
    }

    /// Appends nonce ‖ cipher text ‖ tag to `output`.
    package func seal(
        _ plain: UnsafeRawBufferPointer, associatedData: UnsafeRawBufferPointer,
        appendingTo output: inout [UInt8]
    ) {
        withUnsafeTemporaryAllocation(byteCount: Self.nonceBytes, alignment: 8) { nonce in
            Randomness.fillNonce(nonce)
            seal(plain, associatedData, UnsafeRawBufferPointer(nonce), &output)
        }
    }

    /// Sealing under a given nonce, which only the published test vectors may choose.
    func seal(
        _ plain: UnsafeRawBufferPointer, _ associatedData: UnsafeRawBufferPointer,
        _ nonce: UnsafeRawBufferPointer, _ output: inout [UInt8]
    ) {
        let context = CryptoContexts.current.encryption
        withDerivedKey(nonce) { derived in
            require(
                EVP_EncryptInit_ex(context, nil, nil, derived.pointer, nonce.pointer + 12),
                "sealing")
        }
        var length: Int32 = 0
        require(
            EVP_EncryptUpdate(
                context, nil, &length, associatedData.pointer, Int32(associatedData.count)),
            "sealing")
        let start = output.count
        output.append(contentsOf: nonce)
        output.append(contentsOf: repeatElement(0, count: plain.count + Self.tagBytes))
        output.withUnsafeMutableBytes { bytes in
            let cipher = UnsafeMutableRawBufferPointer(
                rebasing: bytes[(start + Self.nonceBytes)...])
            require(
                EVP_EncryptUpdate(
                    context, cipher.pointer, &length, plain.pointer, Int32(plain.count)), "sealing")
            let tag = cipher.pointer + plain.count
            require(EVP_EncryptFinal_ex(context, tag, &length), "sealing")
            require(
                EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagBytes), tag), "sealing")
        }
    }

    /// Opens what `seal` wrote.
    package func open(
        _ sealed: UnsafeRawBufferPointer, associatedData: UnsafeRawBufferPointer
    ) throws(OpeningFault) -> SecretBytes {
        guard sealed.count > Self.overhead else { throw OpeningFault() }
        return try SecretBytes(count: sealed.count - Self.overhead) { plain throws(OpeningFault) in
            try open(sealed, associatedData: associatedData, into: plain)
        }
    }

    /// Opens into `plain`, which must be shorter than `sealed` by `overhead` and not empty. When
    /// this throws, `plain` holds bytes that did not authenticate: wipe it and use none of them.
    package func open(
        _ sealed: UnsafeRawBufferPointer, associatedData: UnsafeRawBufferPointer,
        into plain: UnsafeMutableRawBufferPointer
    ) throws(OpeningFault) {
        precondition(plain.count > 0 && sealed.count == plain.count + Self.overhead)
        let nonce = UnsafeRawBufferPointer(rebasing: sealed[..<Self.nonceBytes])
        let cipher = sealed.pointer + Self.nonceBytes
        let context = CryptoContexts.current.decryption
        withDerivedKey(nonce) { derived in
            require(
                EVP_DecryptInit_ex(context, nil, nil, derived.pointer, nonce.pointer + 12),
                "opening")
        }
        var length: Int32 = 0
        require(
            EVP_DecryptUpdate(
                context, nil, &length, associatedData.pointer, Int32(associatedData.count)),
            "opening")
        require(
            EVP_DecryptUpdate(context, plain.pointer, &length, cipher, Int32(plain.count)),
            "opening")
        let tag = UnsafeMutableRawPointer(mutating: cipher + plain.count)
        require(
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagBytes), tag),
            "opening")
        guard EVP_DecryptFinal_ex(context, plain.pointer + plain.count, &length) == 1 else {
            ERR_clear_error()
            throw OpeningFault()
        }
    }

    /// Derives the key for one nonce: NIST SP 800-108 in counter mode over CMAC-AES-256, with the
    /// label "X" and the nonce's first 12 bytes as context.
    private func withDerivedKey(
        _ nonce: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { blocks in
            for counter in 0..<2 {
                let block = UnsafeMutableRawBufferPointer(
                    rebasing: blocks[(16 * counter)..<(16 * counter + 16)])
                block.copyBytes(from: [0, UInt8(counter + 1), 0x58, 0])
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
    private static func encryptBlocks(
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

extension UnsafeRawBufferPointer {
    /// As OpenSSL wants it. An empty buffer may have no address; OpenSSL reads none of it then.
    fileprivate var pointer: UnsafePointer<UInt8> {
        guard let baseAddress else { return Self.nothing }
        return baseAddress.assumingMemoryBound(to: UInt8.self)
    }

    // One byte that is never read; it lives as long as the process.
    nonisolated(unsafe) private static let nothing = UnsafePointer<UInt8>(
        UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}

extension UnsafeMutableRawBufferPointer {
    fileprivate var pointer: UnsafeMutablePointer<UInt8> {
        UnsafeMutablePointer(mutating: UnsafeRawBufferPointer(self).pointer)
    }
}
