// Compares HMAC with OpenSSL's own, for keys and messages of every length that matters. The
// reference is found by name in the library, so that it is not the code under test.

import Glibc
import Testing

@testable import Secrets

/// HMAC(3): OpenSSL's one call for it, which goes through a provider's EVP_MAC.
private struct OpenSSLHMAC {
    private typealias Algorithm = @convention(c) () -> OpaquePointer?
    private typealias Function =
        @convention(c) (
            OpaquePointer?, UnsafeRawPointer?, Int32, UnsafePointer<UInt8>?, Int,
            UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt32>?
        ) -> UnsafeMutablePointer<UInt8>?

    private let hmac: Function
    private let algorithm: OpaquePointer

    init(_ function: HashFunction) throws {
        let name =
            switch function {
            case .sha1: "EVP_sha1"
            case .sha256: "EVP_sha256"
            case .sha512: "EVP_sha512"
            }
        let library = dlopen(nil, RTLD_NOW)
        hmac = unsafeBitCast(try #require(dlsym(library, "HMAC")), to: Function.self)
        let make = unsafeBitCast(try #require(dlsym(library, name)), to: Algorithm.self)
        algorithm = try #require(make())
    }

    func digest(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            var written: UInt32 = 0
            _ = hmac(
                algorithm, key, Int32(key.count), message, message.count, buffer.baseAddress,
                &written)
            count = Int(written)
        }
    }
}

@Suite struct HMACReferenceTests {
    @Test(
        "keys shorter and longer than a block, messages of every length",
        arguments: [
            .sha1, .sha256, .sha512,
        ] as [HashFunction])
    func equalsOpenSSL(_ function: HashFunction) throws {
        let reference = try OpenSSLHMAC(function)
        for length in [1, 8, 19, 20, 21, 32, 63, 64, 65, 100, 127, 128, 129, 255, 1_000] {
            let key = Randomness.bytes(length)
            let messages = (0...64).map { Randomness.bytes($0) }
            var digests: [[UInt8]] = []
            HMAC.authenticate(function, key: SecretBytes(key), count: messages.count) {
                index, buffer in
                buffer.copyBytes(from: messages[index])
                return messages[index].count
            } receive: { _, digest in
                digests.append(Array(digest))
            }
            #expect(digests.first?.count == function.size)
            let expected = messages.map { reference.digest(key, $0) }
            #expect(digests == expected, "a key of \(length) bytes")
        }
    }

    @Test func longMessages() throws {
        let reference = try OpenSSLHMAC(.sha256)
        for count in [65, 127, 128, 129, 1_000, 100_000] {
            let key = Randomness.bytes(count)
            let message = Randomness.bytes(count)
            let digest = message.withBytes { HMAC.sha256(key: SecretBytes(key), $0) }
            #expect(digest == reference.digest(key, message), "\(count) bytes")
        }
    }
}
