// Shows that a context found again is the one that was keyed, and that no other answers for it.

import Testing

@testable import Secrets

@Suite struct OpeningContextsTests {
    private static let capacity = OpeningContexts.capacity

    /// A nonce whose run is `run`; the rest of it tells the records of the run apart.
    private func nonce(_ run: Int, _ record: UInt8 = 0) -> [UInt8] {
        withUnsafeBytes(of: run.littleEndian) { Array($0) } + repeated(0, 4) + repeated(record, 12)
    }

    private func isKept(_ contexts: OpeningContexts, _ key: UInt64, _ nonce: [UInt8]) -> Bool {
        nonce.withBytes { contexts.context(for: key, $0).isKeyed }
    }

    @Test func aRunIsFoundAgain() {
        let contexts = OpeningContexts()
        #expect(!isKept(contexts, 1, nonce(1)))
        #expect(isKept(contexts, 1, nonce(1)))
        #expect(isKept(contexts, 1, nonce(1, 7)))
    }

    @Test("any of the first twelve bytes makes another run, and so does the key")
    func otherRuns() {
        let contexts = OpeningContexts()
        #expect(!isKept(contexts, 1, nonce(1)))
        #expect(!isKept(contexts, 2, nonce(1)))
        for index in 0..<12 {
            var other = nonce(1)
            other[index] ^= 0x80
            #expect(!isKept(contexts, 1, other), "byte \(index)")
        }
        #expect(isKept(contexts, 1, nonce(1)))
        #expect(isKept(contexts, 2, nonce(1)))
    }

    @Test("as many as there is room for are kept, and one more puts out one")
    func limit() {
        let contexts = OpeningContexts()
        for run in 0..<Self.capacity { #expect(!isKept(contexts, 1, nonce(run))) }
        #expect(!isKept(contexts, 1, nonce(Self.capacity)))
        // The first is the one that went.
        #expect((1...Self.capacity).allSatisfy { isKept(contexts, 1, nonce($0)) })
        #expect(!isKept(contexts, 1, nonce(0)))
    }

    @Test("a run that is found again and again stays, whatever comes once")
    func recentStays() {
        let contexts = OpeningContexts()
        #expect(!isKept(contexts, 1, nonce(0)))
        for run in 1..<(10 * Self.capacity) {
            #expect(isKept(contexts, 1, nonce(0)), "run \(run)")
            #expect(!isKept(contexts, 1, nonce(run)))
        }
    }

    @Test("each of two runs has a context of its own until one is put out")
    func differentContexts() {
        let contexts = OpeningContexts()
        let made = (0..<Self.capacity).map { run in
            nonce(run).withBytes { contexts.context(for: 1, $0).0 }
        }
        #expect(Set(made).count == Self.capacity)
    }

    @Test func noTwoKeysHaveOneIdentity() {
        let identities = (0..<1_000).map { _ in sealingKey(1).identity }
        #expect(Set(identities).count == 1_000)
        #expect(!identities.contains(SealingKey.noIdentity))
    }

    @Test("records of more runs and keys than are kept open, in any order")
    func manyRuns() throws {
        let keys = (1...3).map { sealingKey(UInt8($0)) }
        let records = (0..<(3 * Self.capacity)).map { run in
            let key = keys[run % 3]
            return (key, seal([UInt8(run)], [1], under: key, nonce(run / 3)), UInt8(run))
        }
        for _ in 0..<3 {
            for (key, sealed, plain) in records + records.reversed() {
                #expect(try open(sealed, [1], under: key) == SecretBytes([plain]))
            }
        }
        // The same run under another key is another key's, kept or not.
        for (key, sealed, _) in records {
            for other in keys where other !== key {
                #expect(throws: OpeningFault()) { try open(sealed, [1], under: other) }
            }
            #expect(throws: Never.self) { try open(sealed, [1], under: key) }
        }
    }

    @Test("what did not open does not spoil the next")
    func afterAFailure() throws {
        let key = sealingKey(9)
        let sealed = seal([1, 2, 3], [1], under: key)
        var damaged = sealed
        damaged[SealingKey.nonceBytes] ^= 1
        for _ in 0..<3 {
            #expect(throws: OpeningFault()) { try open(damaged, [1], under: key) }
            #expect(try open(sealed, [1], under: key) == SecretBytes([1, 2, 3]))
        }
    }
}
