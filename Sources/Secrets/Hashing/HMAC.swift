// Keyed hashes (RFC 2104). Nothing here keeps a key, and every state that a key went into is
// wiped.

import COpenSSL

package enum HMAC {
    /// Authenticates several messages under one key: the key is set up once.
    ///
    /// `messages` are asked for by index, and each digest is lent to `receive`, then wiped.
    package static func authenticate(
        _ function: HashFunction, key: SecretBytes, count: Int,
        message: (Int, UnsafeMutableRawBufferPointer) -> Int,
        receive: (Int, UnsafeRawBufferPointer) -> Void
    ) {
        key.withBytes { key in
            switch function {
            case .sha1: authenticate(SHA_CTX.self, key, count, message, receive)
            case .sha256: authenticate(SHA256_CTX.self, key, count, message, receive)
            case .sha512: authenticate(SHA512_CTX.self, key, count, message, receive)
            }
        }
    }

    /// The longest message `authenticate(count:)` takes: a TOTP counter has 8 bytes.
    private static let messageBytesMax = 64

    private static func authenticate<State: HashState>(
        _ type: State.Type, _ key: UnsafeRawBufferPointer, _ count: Int,
        _ message: (Int, UnsafeMutableRawBufferPointer) -> Int,
        _ receive: (Int, UnsafeRawBufferPointer) -> Void
    ) {
        withPads(type, key) { pads, work in
            withUnsafeTemporaryAllocation(
                byteCount: State.digestBytes + messageBytesMax, alignment: 8
            ) { scratch in
                let text = UnsafeMutableRawBufferPointer(rebasing: scratch[..<messageBytesMax])
                let digest = UnsafeMutableRawBufferPointer(rebasing: scratch[messageBytesMax...])
                for index in 0..<count {
                    let length = message(index, text)
                    precondition(length <= messageBytesMax, "a message longer than its buffer")
                    let message = UnsafeRawBufferPointer(rebasing: text[..<length])
                    pads.authenticate(message, work: work, digest: digest)
                    receive(index, UnsafeRawBufferPointer(digest))
                }
                wipe(scratch)
            }
        }
    }

    /// HMAC-SHA-256 of one message of any length.
    package static func sha256(key: SecretBytes, _ message: UnsafeRawBufferPointer) -> [UInt8] {
        key.withBytes { sha256(key: $0, message) }
    }

    package static func sha256(
        key: UnsafeRawBufferPointer, _ message: UnsafeRawBufferPointer
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256_CTX.digestBytes) { buffer, count in
            sha256(key: key, message, into: UnsafeMutableRawBufferPointer(buffer))
            count = SHA256_CTX.digestBytes
        }
    }

    /// Writes the 32 bytes of the digest.
    package static func sha256(
        key: UnsafeRawBufferPointer, _ message: UnsafeRawBufferPointer,
        into digest: UnsafeMutableRawBufferPointer
    ) {
        withPads(SHA256_CTX.self, key) { pads, work in
            pads.authenticate(message, work: work, digest: digest)
        }
    }

    /// Lends the key's states and one to work with, and wipes all three.
    private static func withPads<State: HashState>(
        _ type: State.Type, _ key: UnsafeRawBufferPointer,
        _ body: (HMACPads<State>, UnsafeMutablePointer<State>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: State.self, capacity: 3) { states in
            guard let inner = states.baseAddress else { return }
            HMACPads.write(key, inner: inner, outer: inner + 1)
            body(HMACPads(inner: inner, outer: inner + 1), inner + 2)
            wipe(UnsafeMutableRawBufferPointer(states))
        }
    }
}
