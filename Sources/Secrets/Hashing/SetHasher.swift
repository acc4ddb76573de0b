// Hashes a set whose elements come one after the other. It gathers some, because OpenSSL encrypts
// many blocks for little more than one.

package final class SetHasher {
    private static let capacity = 128

    private let key: SetHashKey
    /// Of elements that were gathered: what is encrypted next, and what is mixed in after that.
    private let blocks: UnsafeMutableBufferPointer<SetHash>
    private let elements: UnsafeMutableBufferPointer<SetHash>
    private var count = 0
    private var sum = SetHash.empty

    package init(_ key: SetHashKey) {
        self.key = key
        blocks = .allocate(capacity: Self.capacity)
        elements = .allocate(capacity: Self.capacity)
        blocks.initialize(repeating: .empty)
        elements.initialize(repeating: .empty)
    }

    deinit {
        wipe(UnsafeMutableRawBufferPointer(blocks))
        blocks.deallocate()
        elements.deallocate()
    }

    /// Adds an element, or takes it away if it was there.
    package func toggle(_ element: SetHash, at place: SetHash, in domain: Int) {
        blocks[count] = key.start(in: domain, at: place)
        elements[count] = element
        count += 1
        if count == Self.capacity { flush() }
    }

    /// Of all elements so far.
    package var hash: SetHash {
        flush()
        return sum
    }

    private func flush() {
        guard count > 0 else { return }
        let used = UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: blocks[..<count]))
        key.encrypt(used)
        for index in 0..<count { blocks[index] ^= elements[index] }
        key.encrypt(used)
        for index in 0..<count { sum ^= blocks[index] }
        count = 0
    }
}
