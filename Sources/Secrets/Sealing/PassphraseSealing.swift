// Encryption under a passphrase, in the format of `openssl enc -aes-256-cbc -pbkdf2`, so that
// whoever leaves totpd can read it without totpd. It does not authenticate: write a MAC beside each
// such file.

import COpenSSL

/// One stream of bytes on its way into a file.
package final class PassphraseSealing {
    /// Guesses at a passphrase: about 0.3 s each on one processor (OWASP's figure of 2023 for
    /// PBKDF2-HMAC-SHA-256).
    package static let iterations: Int32 = 600_000
    private static let magic = Array("Salted__".utf8)
    private static let saltBytes = 8
    private static let keyBytes = 32
    private static let blockBytes = 16

    private let context = require(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new")
    /// What the file begins with.
    package let header: [UInt8]

    package init(_ passphrase: SecretBytes) {
        let salt = Randomness.bytes(Self.saltBytes)
        header = Self.magic + salt
        Self.derive(passphrase, salt).withBytes { derived in
            let key = derived.pointer
            require(
                EVP_EncryptInit_ex(context, EVP_aes_256_cbc(), nil, key, key + Self.keyBytes),
                "AES-256-CBC")
        }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// The key and the first block's initialisation vector, one after the other.
    private static func derive(_ passphrase: SecretBytes, _ salt: [UInt8]) -> SecretBytes {
        SecretBytes(count: keyBytes + blockBytes) { derived in
            passphrase.withBytes { passphrase in
                require(
                    PKCS5_PBKDF2_HMAC(
                        passphrase.baseAddress, Int32(passphrase.count), salt, Int32(salt.count),
                        iterations, EVP_sha256(), Int32(derived.count), derived.pointer),
                    "PBKDF2")
            }
        }
    }

    /// HMAC-SHA-256 of a whole file, under a key of its own: what `openssl enc -P` derives from the
    /// passphrase and the salt that is returned. So guessing at the MAC is as slow as at the file.
    package static func authenticate(
        _ file: UnsafeRawBufferPointer, _ passphrase: SecretBytes
    ) -> (salt: [UInt8], digest: [UInt8]) {
        let salt = Randomness.bytes(saltBytes)
        let digest = derive(passphrase, salt).withBytes { derived in
            HMAC.sha256(key: UnsafeRawBufferPointer(rebasing: derived[..<keyBytes]), file)
        }
        return (salt, digest)
    }

    /// What of the stream can be written by now.
    package func update(_ plain: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: plain.count + Self.blockBytes) { sealed, count in
            var length: Int32 = 0
            require(
                EVP_EncryptUpdate(
                    context, sealed.baseAddress, &length, plain.pointer, Int32(plain.count)),
                "AES-256-CBC")
            count = Int(length)
        }
    }

    /// Its end, with the padding.
    package func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.blockBytes) { sealed, count in
            var length: Int32 = 0
            require(EVP_EncryptFinal_ex(context, sealed.baseAddress, &length), "AES-256-CBC")
            count = Int(length)
        }
    }
}
