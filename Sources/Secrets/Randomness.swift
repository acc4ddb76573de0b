// Random bytes from OpenSSL's generator (RAND_bytes(3), seeded by the kernel). If the generator
// fails, the process ends.

import COpenSSL

package enum Randomness {
    package static func fill(_ bytes: UnsafeMutableRawBufferPointer) {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        require(RAND_bytes(start, Int32(bytes.count)), "random bytes")
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
