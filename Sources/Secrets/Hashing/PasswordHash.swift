// The slow, salted, keyed hash under which backup codes are kept (NIST SP 800-63B-4 §3.1.1.2 and
// §3.1.2.2). It takes milliseconds: never call it on an event loop or in a transaction.

import COpenSSL

package enum PasswordHash {
    /// 128 bits, twice what a backup code has.
    package static let bytes = 16
    /// NIST asks for 32 bits of salt or more.
    package static let saltBytes = 16

    /// scrypt (RFC 7914) with N = 2¹², r = 8, p = 1: 4 MiB and about 10 ms.
    ///
    /// The cost is low on purpose. A backup code has 65 random bits, and its hash is keyed: a thief
    /// of the store and of its keys has 2⁶⁵ guesses to make, at whatever price each. A high cost
    /// would not stop the thief, and would hand a flooder of wrong codes our CPU (Weasyl#222).
    private static let cost: UInt64 = 1 << 12
    private static let blockSize: UInt32 = 8
    private static let parallelism: UInt32 = 1

    /// Hashes `password` after keying it with `key` (HMAC-SHA-256).
    package static func hash(
        _ password: UnsafeRawBufferPointer, key: SecretBytes, salt: [UInt8]
    ) -> [UInt8] {
        var keyed = HMAC.sha256(key: key, password)
        defer { keyed.wipe() }
        var salt = salt
        return keyed.withUnsafeMutableBytes { keyed in
            salt.withUnsafeMutableBytes { salt in derive(keyed, salt) }
        }
    }

    private static func derive(
        _ password: UnsafeMutableRawBufferPointer, _ salt: UnsafeMutableRawBufferPointer
    ) -> [UInt8] {
        let context = require(EVP_KDF_CTX_new(FetchedAlgorithms.scrypt), "scrypt")
        defer { EVP_KDF_CTX_free(context) }
        // The parameters hold addresses of these, so they stay lent until the hash is made.
        var (cost, blockSize, parallelism) = (cost, blockSize, parallelism)
        return withUnsafeMutablePointer(to: &cost) { cost in
            withUnsafeMutablePointer(to: &blockSize) { blockSize in
                withUnsafeMutablePointer(to: &parallelism) { parallelism in
                    let parameters = [
                        OSSL_PARAM_construct_octet_string(
                            ParameterName.password.address, password.baseAddress, password.count),
                        OSSL_PARAM_construct_octet_string(
                            ParameterName.salt.address, salt.baseAddress, salt.count),
                        OSSL_PARAM_construct_uint64(ParameterName.scryptN.address, cost),
                        OSSL_PARAM_construct_uint32(ParameterName.scryptR.address, blockSize),
                        OSSL_PARAM_construct_uint32(ParameterName.scryptP.address, parallelism),
                        OSSL_PARAM_construct_end(),
                    ]
                    return [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
                        require(
                            EVP_KDF_derive(context, buffer.baseAddress, bytes, parameters),
                            "scrypt")
                        count = bytes
                    }
                }
            }
        }
    }
}
