// Authenticated encryption: XAES-256-GCM (C2SP, c2sp.org/XAES-256-GCM), which is AES-256-GCM under
// a key that half of the nonce chooses. Opening returns only bytes that have authenticated.
//
// Why not plain AES-256-GCM: its 96-bit random nonces are good for 2³² seals a key, which 10⁵ seals
// a second spend in half a day. Here the nonce has 192 bits, and nobody has to count what a key has
// sealed since it was made. SealingRun says how nonces are chosen, and why that is enough.

import COpenSSL
import Synchronization

package final class SealingKey: Sendable {
    package static let keyBytes = 32
    package static let nonceBytes = 24
    package static let tagBytes = 16
    /// What sealing adds to the plain text: 40 bytes.
    package static let overhead = nonceBytes + tagBytes

    /// Names this key in the threads' contexts; no other key of the process ever has the number.
    let identity: UInt64
    let key: SecretBytes
    /// CMAC's first subkey, which the derivation mixes in.
    let subkey: SecretBytes

    /// The identity that no key has.
    static let noIdentity: UInt64 = 0
    private static let lastIdentity = Atomic<UInt64>(noIdentity)

    package init(_ key: SecretBytes) {
        precondition(key.count == Self.keyBytes, "a sealing key has 32 bytes")
        identity = Self.lastIdentity.wrappingAdd(1, ordering: .relaxed).newValue
        self.key = key
        subkey = Self.subkey(of: key)
    }

    /// Appends nonce ‖ cipher text ‖ tag to `output`.
    package func seal(
        _ plain: UnsafeRawBufferPointer, associatedData: UnsafeRawBufferPointer,
        appendingTo output: inout [UInt8]
    ) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: plain.count + Self.overhead))
        output.withUnsafeMutableBytes { output in
            seal(
                plain, associatedData: associatedData,
                into: UnsafeMutableRawBufferPointer(rebasing: output[start...]))
        }
    }

    /// Writes nonce ‖ cipher text ‖ tag to `sealed`, which is longer than `plain` by `overhead`.
    package func seal(
        _ plain: UnsafeRawBufferPointer, associatedData: UnsafeRawBufferPointer,
        into sealed: UnsafeMutableRawBufferPointer
    ) {
        let contexts = CryptoContexts.current
        let (nonce, isFirst) = contexts.run.next(for: identity, byteCount: plain.count)
        withUnsafeBytes(of: nonce.words) { nonce in
            seal(contexts.encryption, isFirst, nonce, plain, associatedData, sealed)
        }
    }

    /// Sealing under a given nonce, which only the published test vectors may choose.
    func seal(
        _ plain: UnsafeRawBufferPointer, _ associatedData: UnsafeRawBufferPointer,
        nonce: UnsafeRawBufferPointer, into sealed: UnsafeMutableRawBufferPointer
    ) {
        let contexts = CryptoContexts.current
        contexts.run.end()
        seal(contexts.encryption, true, nonce, plain, associatedData, sealed)
    }

    private func seal(
        _ context: OpaquePointer, _ isFirst: Bool, _ nonce: UnsafeRawBufferPointer,
        _ plain: UnsafeRawBufferPointer, _ associatedData: UnsafeRawBufferPointer,
        _ sealed: UnsafeMutableRawBufferPointer
    ) {
        precondition(sealed.count == plain.count + Self.overhead, "no room for what is sealed")
        sealed.copyMemory(from: nonce)
        let iv = nonce.pointer + 12
        if isFirst {
            withDerivedKey(nonce) { derived in
                require(EVP_EncryptInit_ex(context, nil, nil, derived.pointer, iv), "sealing")
            }
        } else {
            // The key stays (EVP_EncryptInit(3)).
            require(EVP_EncryptInit_ex(context, nil, nil, nil, iv), "sealing")
        }
        var length: Int32 = 0
        require(
            EVP_EncryptUpdate(
                context, nil, &length, associatedData.pointer, Int32(associatedData.count)),
            "sealing")
        let cipher = sealed.pointer + Self.nonceBytes
        require(
            EVP_EncryptUpdate(context, cipher, &length, plain.pointer, Int32(plain.count)),
            "sealing")
        let tag = cipher + plain.count
        require(EVP_EncryptFinal_ex(context, tag, &length), "sealing")
        require(
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagBytes), tag),
            "sealing")
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

    /// Opens into `plain`, which must be shorter than `sealed` by `overhead` and not empty. It may
    /// be the cipher text itself. When this throws, `plain` holds bytes that did not authenticate:
    /// wipe it and use none of them.
    package func open(
        _ sealed: UnsafeRawBufferPointer, associatedData: UnsafeRawBufferPointer,
        into plain: UnsafeMutableRawBufferPointer
    ) throws(OpeningFault) {
        precondition(plain.count > 0 && sealed.count == plain.count + Self.overhead)
        let nonce = UnsafeRawBufferPointer(rebasing: sealed[..<Self.nonceBytes])
        let iv = nonce.pointer + 12
        let (context, isKeyed) = CryptoContexts.current.opening.context(for: identity, nonce)
        if isKeyed {
            // The key stays (EVP_DecryptInit(3)).
            require(EVP_DecryptInit_ex(context, nil, nil, nil, iv), "opening")
        } else {
            withDerivedKey(nonce) { derived in
                require(EVP_DecryptInit_ex(context, nil, nil, derived.pointer, iv), "opening")
            }
        }
        var length: Int32 = 0
        require(
            EVP_DecryptUpdate(
                context, nil, &length, associatedData.pointer, Int32(associatedData.count)),
            "opening")
        let cipher = sealed.pointer + Self.nonceBytes
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
}

extension UnsafeRawBufferPointer {
    /// As OpenSSL wants it. An empty buffer may have no address; OpenSSL reads none of it then.
    var pointer: UnsafePointer<UInt8> {
        guard let baseAddress else { return Self.nothing }
        return baseAddress.assumingMemoryBound(to: UInt8.self)
    }

    // Unsafe only to the compiler: one byte that is never read or written, as long as the process.
    nonisolated(unsafe) private static let nothing = UnsafePointer<UInt8>(
        UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}

extension UnsafeMutableRawBufferPointer {
    var pointer: UnsafeMutablePointer<UInt8> {
        UnsafeMutablePointer(mutating: UnsafeRawBufferPointer(self).pointer)
    }
}
