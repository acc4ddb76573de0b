// Shows that secrets are made with the secure heap and without room in it. Each test starts the
// heap in a process of its own: it is once a process, and makes that process undumpable.

import Glibc
import Testing

@testable import Secrets

@Suite struct SecureHeapTests {
    @Test func startsAndLends() async {
        await #expect(processExitsWith: .success) {
            let before = SecretBytes([1, 2, 3])
            #expect(SecureHeap.allocate(32) == nil)
            #expect([.locked, .unlocked].contains(SecureHeap.start()))
            let block = SecureHeap.allocate(32)
            #expect(block != nil)
            if let block { SecureHeap.release(block, 32) }
            // Made outside the heap and dropped after it has started.
            #expect(before == SecretBytes([1, 2, 3]))
        }
    }

    @Test("a full heap is no reason not to make a secret")
    func exhausted() async {
        await #expect(processExitsWith: .success) {
            #expect(SecureHeap.start() != .unavailable)
            let count = SecureHeap.bytes / 32 + 100
            var secrets = (0..<count).map { SecretBytes([UInt8($0 % 251), 7]) }
            #expect(SecureHeap.allocate(32) == nil)
            let intact = secrets.indices.allSatisfy {
                secrets[$0] == SecretBytes([UInt8($0 % 251), 7])
            }
            #expect(intact)

            // What was given back is lent again.
            secrets.removeAll()
            let block = SecureHeap.allocate(32)
            #expect(block != nil)
            if let block { SecureHeap.release(block, 32) }
        }
    }

    @Test("secrets leave OpenSSL the room its random generators need, on every thread")
    func generators() async {
        await #expect(processExitsWith: .success) {
            #expect(SecureHeap.start() != .unavailable)
            let secrets = (0..<(SecureHeap.bytes / 32 + 100)).map { _ in SecretBytes([7]) }
            // A generator is made with a thread's first bytes, and ends the process when it can't.
            let threads = (0..<8).map { _ in
                var thread = pthread_t()
                #expect(
                    pthread_create(
                        &thread, nil,
                        { _ in
                            _ = Randomness.bytes(32)
                            return nil
                        }, nil) == 0)
                return thread
            }
            for thread in threads { #expect(pthread_join(thread, nil) == 0) }
            #expect(secrets.count > 0)
        }
    }

    @Test("a secret larger than the whole heap")
    func larger() async {
        await #expect(processExitsWith: .success) {
            #expect(SecureHeap.start() != .unavailable)
            let large = Randomness.secret(2 * SecureHeap.bytes)
            #expect(large.count == 2 * SecureHeap.bytes)
            #expect(SecretBytes([1]) == SecretBytes([1]))
        }
    }

    @Test("a secret dropped by a failing fill does not use up the heap")
    func failingFill() async {
        await #expect(processExitsWith: .success) {
            #expect(SecureHeap.start() != .unavailable)
            for _ in 0..<(2 * SecureHeap.bytes / 32) {
                #expect(throws: OpeningFault()) {
                    try SecretBytes(count: 32) { _ throws(OpeningFault) in throw OpeningFault() }
                }
            }
            let block = SecureHeap.allocate(32)
            #expect(block != nil)
            if let block { SecureHeap.release(block, 32) }
        }
    }

    @Test("a thread lends the block it got back, and gives back to the heap what is too many")
    func blocksOfAThread() async {
        await #expect(processExitsWith: .success) {
            #expect(SecureHeap.start() != .unavailable)
            // A thread keeps blocks once it has contexts, which a sealing key needs to be made.
            _ = sealingKey(1)
            let base = SecretBytes([1]).withBytes { $0.baseAddress }
            let again = SecretBytes([2])
            #expect(again.withBytes { $0.baseAddress } == base)
            #expect(SecretBytes([3]).withBytes { $0.baseAddress } != base)

            let used = secureBytesUsed()
            var secrets = (0..<1_000).map { _ in SecretBytes(repeated(7, 64)) }
            #expect(secrets.allSatisfy { $0.withBytes { Array($0) } == repeated(7, 64) })
            secrets.removeAll()
            let kept = SecureBlocks.capacity * SecureBlocks.blockBytes
            #expect(secureBytesUsed() <= used + kept)
        }
    }

    @Test("what is lent again is zero, whatever was in it, and longer secrets are not kept")
    func lentAgain() async {
        await #expect(processExitsWith: .success) {
            #expect(SecureHeap.start() != .unavailable)
            _ = sealingKey(1)
            for count in [1, 63, 64, 65, 200] {
                #expect(SecretBytes(repeated(0xff, count)).count == count)
                let zero = SecretBytes(count: count) { _ in }
                #expect(zero.withBytes { Array($0) } == repeated(0, count), "\(count) bytes")
            }
        }
    }
}

/// Bytes of the secure heap that are lent (CRYPTO_secure_used(3)), asked of the library by name.
private func secureBytesUsed() -> Int {
    typealias Function = @convention(c) () -> Int
    guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "CRYPTO_secure_used") else { return .max }
    return unsafeBitCast(symbol, to: Function.self)()
}
