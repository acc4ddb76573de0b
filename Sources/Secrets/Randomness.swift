// Random bytes from OpenSSL's generator (RAND_bytes(3), seeded by the kernel). It must never return
// anything when the generator is not able to: the process ends instead.

import COpenSSL

package enum Randomness {
    package static func fill(_ bytes: UnsafeMutableRawBufferPointer) {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        require(RAND_bytes(start, Int32(bytes.count)), "random bytes")
    }

    /// Fills a nonce from a stock of random bytes, because drawing a few at a time costs more than
    /// the sealing they are for. A nonce is no secret, so the stock need not be one.
    static func fillNonce(_ nonce: UnsafeMutableRawBufferPointer) {
        CryptoContexts.current.nonces.take(nonce)
    }

    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            fill(UnsafeMutableRawBufferPointer(buffer))
            written = count
        }
    }

    package static func secret(_ count: Int) -> SecretBytes {
        SecretBytes(count: count) { fill($0) }
    }
}

/// Random bytes drawn ahead. Each is given out once.
struct NonceStock {
    private var stock = [UInt8](repeating: 0, count: 170 * SealingKey.nonceBytes)
    private var used: Int

    init() { used = stock.count }

    mutating func take(_ nonce: UnsafeMutableRawBufferPointer) {
        precondition(nonce.count <= stock.count, "a nonce longer than the stock")
        if stock.count - used < nonce.count {
            stock.withUnsafeMutableBytes { Randomness.fill($0) }
            used = 0
        }
        nonce.copyBytes(from: stock[used..<(used + nonce.count)])
        used += nonce.count
    }
}
