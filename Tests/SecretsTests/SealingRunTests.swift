// Shows that counted nonces are as good as drawn ones: none comes twice, and each record is the one
// that the published algorithm makes of its nonce.

import Testing

@testable import Secrets

@Suite struct SealingRunTests {
    private func bytes(_ nonce: SealingNonce) -> [UInt8] {
        withUnsafeBytes(of: nonce.words) { Array($0) }
    }

    @Test("a run ends one seal after the last it may make")
    func limit() {
        var run = SealingRun(unitsMax: 3)
        let given = (0..<7).map { _ in run.next(for: 1, byteCount: 1_023) }
        #expect(given.map(\.isFirst) == [true, false, false, true, false, false, true])
        let prefixes = given.map { Array(bytes($0.nonce).prefix(16)) }
        #expect(Set(prefixes).count == 3)
        #expect(Set(prefixes[0..<3]).count == 1)
        #expect(Set(prefixes[3..<6]).count == 1)
        #expect(Set(given.map { bytes($0.nonce) }).count == 7)
    }

    @Test("a KiB counts as a seal more, and what is too much for the run begins the next")
    func limitOfBytes() {
        var run = SealingRun(unitsMax: 4)
        let sizes = [1_023, 1_024, 0, 1_024, 2_047, 1, 4_096, 1]
        let given = sizes.map { run.next(for: 1, byteCount: $0).isFirst }
        #expect(given == [true, false, false, true, false, true, true, true])
    }

    @Test func aRunOfOne() {
        var run = SealingRun(unitsMax: 1)
        #expect((0..<3).allSatisfy { _ in run.next(for: 1, byteCount: 1_023).isFirst })
    }

    @Test("another key begins a run, and so does the first when it is back")
    func otherKey() {
        var run = SealingRun()
        let given = [1, 1, 2, 2, 1, 1].map { run.next(for: $0, byteCount: 1) }
        #expect(given.map(\.isFirst) == [true, false, true, false, true, false])
        #expect(Set(given.map { Array(bytes($0.nonce).prefix(12)) }).count == 3)
        run.end()
        #expect(run.next(for: 1, byteCount: 1_023).isFirst)
    }

    @Test func theLimitIsWhatTheArithmeticSays() {
        #expect(SealingRun.unitsMax == 1 << 24)
    }

    @Test("each record of a run is what its nonce makes of it")
    func asPublished() throws {
        let key = sealingKey(9)
        let sealed = (0..<50).map { seal([UInt8($0)], [1], under: key) }
        #expect(Set(sealed.map { Array($0.prefix(12)) }).count <= 2)
        for (index, sealed) in sealed.enumerated() {
            let nonce = Array(sealed.prefix(SealingKey.nonceBytes))
            // Under a key of its own, which nothing has been derived from.
            #expect(seal([UInt8(index)], [1], under: sealingKey(9), nonce) == sealed)
            #expect(try open(sealed, [1], under: sealingKey(9)) == SecretBytes([UInt8(index)]))
        }
    }

    @Test("a seal under a given nonce leaves the run's key to nobody")
    func givenNonceBetween() throws {
        let key = sealingKey(9)
        for round in 0..<4 {
            let sealed = seal([UInt8(round)], [], under: key)
            #expect(try open(sealed, [], under: key) == SecretBytes([UInt8(round)]))
            _ = seal([1], [], under: sealingKey(3), SealingKeyTests.nonce)
        }
    }
}
