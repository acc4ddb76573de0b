// Algorithms, fetched once a process: EVP_*_fetch(3) searches the providers by name each time.

import COpenSSL

enum FetchedAlgorithms {
    // Unsafe only to the compiler: OpenSSL's fetched algorithms are immutable and shared by design.
    nonisolated(unsafe) static let gcm = require(
        EVP_CIPHER_fetch(nil, "AES-256-GCM", nil), "AES-256-GCM")
    nonisolated(unsafe) static let ecb = require(
        EVP_CIPHER_fetch(nil, "AES-256-ECB", nil), "AES-256-ECB")
    // Unsafe only to the compiler, as above.
    nonisolated(unsafe) static let scrypt = require(EVP_KDF_fetch(nil, "SCRYPT", nil), "SCRYPT")
}
