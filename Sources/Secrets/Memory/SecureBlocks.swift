// A thread's own few blocks of the secure heap, for secrets that live for microseconds. The owner
// wipes a block before it gives the block back.

import COpenSSL

/// The heap takes a lock for each block, and splits and merges its way through powers of two:
/// between 90 and 700 ns for a block taken and given back, as the heap happens to be. The account
/// of every request brings a secret.
final class SecureBlocks {
    /// The longest secret of an account in general use is that of SHA-512.
    static let blockBytes = 64
    /// 2 KiB a thread, which the heap has a hundredfold.
    static let capacity = 32

    // Not an array: it is only touched here, and an array would be checked at each use.
    private let blocks = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: capacity)
    private var count = 0

    deinit {
        for index in 0..<count { CRYPTO_secure_free(blocks[index], "SecureBlocks", 0) }
        blocks.deallocate()
    }

    /// A block that was given back, if there is one. What is in it is not defined.
    func take() -> UnsafeMutableRawPointer? {
        guard count > 0 else { return nil }
        count -= 1
        return blocks[count]
    }

    /// Keeps a wiped block of `blockBytes` bytes; false when there is no room.
    func keep(_ block: UnsafeMutableRawPointer) -> Bool {
        guard count < Self.capacity else { return false }
        blocks[count] = block
        count += 1
        return true
    }
}
