// Lends and wipes ordinary byte arrays. Lent bytes are valid only inside the closure.

import COpenSSL

/// Overwrites bytes that were secret, in a way no optimiser removes.
package func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    OPENSSL_cleanse(bytes.baseAddress, bytes.count)
}

extension [UInt8] {
    /// Wipes in place, for the few arrays that carried a secret to or from the wire.
    package mutating func wipe() {
        withUnsafeMutableBytes { Secrets.wipe($0) }
    }

    /// Lends the bytes, as `withUnsafeBytes` does, and keeps the type of what is thrown.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = withUnsafeBytes { bytes in
            Swift.Result { () throws(Failure) in try body(bytes) }
        }
        return try result.get()
    }
}
