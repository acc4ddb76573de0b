// Keyed hashes (RFC 2104) and plain SHA-256, on reused contexts. Nothing here keeps a key.

import COpenSSL

package enum HashFunction: UInt8, CaseIterable, Sendable {
    case sha1
    case sha256
    case sha512

    /// Bytes of a digest.
    package var size: Int {
        switch self {
        case .sha1: return 20
        case .sha256: return 32
        case .sha512: return 64
        }
    }

    var index: Int { Int(rawValue) }

    var openSSLName: String {
        switch self {
        case .sha1: return "SHA1"
        case .sha256: return "SHA256"
        case .sha512: return "SHA512"
        }
    }
}

package enum HMAC {
    /// Authenticates several messages under one key: the key is set up once.
    ///
    /// `messages` are asked for by index, and each digest is lent to `receive`, then wiped.
    package static func authenticate(
        _ function: HashFunction, key: SecretBytes, count: Int,
        message: (Int, UnsafeMutableRawBufferPointer) -> Int,
        receive: (Int, UnsafeRawBufferPointer) -> Void
    ) {
        let context = CryptoContexts.current.mac(function)
        withUnsafeTemporaryAllocation(byteCount: 64 + messageBytesMax, alignment: 8) { scratch in
            let digest = UnsafeMutableRawBufferPointer(rebasing: scratch[..<64])
            let text = UnsafeMutableRawBufferPointer(rebasing: scratch[64...])
            for index in 0..<count {
                // A nil key starts again under the key already set (EVP_MAC_init(3)).
                if index == 0 {
                    key.withBytes { key in
                        require(start(context, key), "HMAC")
                    }
                } else {
                    require(EVP_MAC_init(context, nil, 0, nil), "HMAC")
                }
                let length = message(index, text)
                precondition(length <= messageBytesMax, "a message longer than its buffer")
                finish(context, UnsafeRawBufferPointer(rebasing: text[..<length]), digest)
                receive(index, UnsafeRawBufferPointer(rebasing: digest[..<function.size]))
            }
            wipe(scratch)
        }
    }

    /// The longest message `authenticate(count:)` takes: a TOTP counter has 8 bytes.
    private static let messageBytesMax = 64

    /// HMAC-SHA-256 of one message of any length.
    package static func sha256(key: SecretBytes, _ message: UnsafeRawBufferPointer) -> [UInt8] {
        key.withBytes { sha256(key: $0, message) }
    }

    package static func sha256(
        key: UnsafeRawBufferPointer, _ message: UnsafeRawBufferPointer
    ) -> [UInt8] {
        let context = CryptoContexts.current.mac(.sha256)
        require(start(context, key), "HMAC")
        return [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            finish(context, message, UnsafeMutableRawBufferPointer(buffer))
            count = 32
        }
    }

    private static func start(_ context: OpaquePointer, _ key: UnsafeRawBufferPointer) -> Int32 {
        EVP_MAC_init(context, key.baseAddress?.assumingMemoryBound(to: UInt8.self), key.count, nil)
    }

    private static func finish(
        _ context: OpaquePointer, _ message: UnsafeRawBufferPointer,
        _ digest: UnsafeMutableRawBufferPointer
    ) {
        let bytes = message.baseAddress?.assumingMemoryBound(to: UInt8.self)
        require(EVP_MAC_update(context, bytes, message.count), "HMAC")
        var written = 0
        let output = digest.baseAddress?.assumingMemoryBound(to: UInt8.self)
        require(EVP_MAC_final(context, output, &written, digest.count), "HMAC")
    }
}

package enum SHA256 {
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let context = CryptoContexts.current.digest
        require(EVP_DigestInit_ex(context, Fetched.sha256, nil), "SHA-256")
        require(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count), "SHA-256")
        return [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            require(EVP_DigestFinal_ex(context, buffer.baseAddress, nil), "SHA-256")
            count = 32
        }
    }
}
