// Shows that sealing is XAES-256-GCM as published, and that nothing opens but what was sealed.

import Testing

@testable import Secrets

@Suite struct SealingKeyTests {
    static let nonce = Array("ABCDEFGHIJKLMNOPQRSTUVWX".utf8)
    static let plain = Array("XAES-256-GCM".utf8)

    /// The vectors of the specification (c2sp.org/XAES-256-GCM, "Test vectors").
    struct Vector: Sendable {
        let key: UInt8
        let associatedData: String
        let sealed: String
    }

    static let vectors = [
        Vector(
            key: 1, associatedData: "",
            sealed: "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
        Vector(
            key: 3, associatedData: "c2sp.org/XAES-256-GCM",
            sealed: "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
    ]

    @Test(arguments: vectors) func sealsAsPublished(_ vector: Vector) throws {
        let key = sealingKey(vector.key)
        let sealed = seal(Self.plain, Array(vector.associatedData.utf8), under: key, Self.nonce)
        #expect(hexadecimal(sealed) == hexadecimal(Self.nonce) + vector.sealed)
        // Under a key derived for it, and under the one that is left from the first time.
        for _ in 0..<2 {
            let opened = try open(sealed, Array(vector.associatedData.utf8), under: key)
            #expect(opened == SecretBytes(Self.plain))
        }
    }

    @Test(
        "what is sealed opens, at the edges of a block and beyond",
        arguments: [1, 15, 16, 17, 31, 32, 33, 64, 255, 4_096, 100_000])
    func opensAgain(_ count: Int) throws {
        let key = sealingKey(9)
        let plain = Randomness.bytes(count)
        let sealed = seal(plain, [1, 2, 3], under: key)
        #expect(sealed.count == count + SealingKey.overhead)
        #expect(SealingKey.overhead == 40)
        #expect(try open(sealed, [1, 2, 3], under: key) == SecretBytes(plain))
    }

    @Test func appendsToWhatIsThere() throws {
        let key = sealingKey(9)
        var output: [UInt8] = [7, 8, 9]
        Self.plain.withBytes { plain in
            let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
            key.seal(plain, associatedData: nothing, appendingTo: &output)
        }
        #expect(Array(output.prefix(3)) == [7, 8, 9])
        #expect(try open(Array(output.dropFirst(3)), [], under: key) == SecretBytes(Self.plain))
    }

    @Test func everyFlippedBitIsRefused() {
        let key = sealingKey(9)
        let sealed = seal(Self.plain, [1], under: key)
        for index in sealed.indices {
            for bit in 0..<8 {
                var flipped = sealed
                flipped[index] ^= 1 << bit
                #expect(throws: OpeningFault(), "byte \(index), bit \(bit)") {
                    try open(flipped, [1], under: key)
                }
            }
        }
    }

    @Test func everyOtherLengthIsRefused() {
        let key = sealingKey(9)
        let sealed = seal(Self.plain, [1], under: key)
        for count in 0..<sealed.count {
            #expect(throws: OpeningFault(), "the first \(count) bytes") {
                try open(Array(sealed.prefix(count)), [1], under: key)
            }
            #expect(throws: OpeningFault(), "the last \(count) bytes") {
                try open(Array(sealed.suffix(count)), [1], under: key)
            }
        }
        #expect(throws: OpeningFault()) { try open(sealed + [0], [1], under: key) }
        #expect(throws: OpeningFault()) { try open([0] + sealed, [1], under: key) }
    }

    @Test(
        "other associated data is refused",
        arguments: [[], [0], [1, 1], [2, 1], [1, 2, 0], [1, 3]] as [[UInt8]])
    func otherAssociatedData(_ data: [UInt8]) {
        let key = sealingKey(9)
        let sealed = seal(Self.plain, [1, 2], under: key)
        #expect(throws: OpeningFault()) { try open(sealed, data, under: key) }
    }

    @Test func noOtherKeyOpens() {
        let right = repeated(9, 32)
        let sealed = seal(Self.plain, [1], under: SealingKey(SecretBytes(right)))
        for bit in 0..<256 {
            var wrong = right
            wrong[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: OpeningFault(), "bit \(bit) of the key") {
                try open(sealed, [1], under: SealingKey(SecretBytes(wrong)))
            }
        }
    }

    @Test func anEmptyPlainTextNeverOpens() {
        let key = sealingKey(9)
        let sealed = seal([], [1], under: key)
        #expect(sealed.count == SealingKey.overhead)
        #expect(throws: OpeningFault()) { try open(sealed, [1], under: key) }
    }

    @Test func keysUsedInTurnDoNotMix() throws {
        let keys = (1...3).map { sealingKey(UInt8($0)) }
        let sealed = keys.map { seal(Self.plain, [], under: $0) }
        for _ in 0..<3 {
            for (key, sealed) in zip(keys, sealed) {
                #expect(try open(sealed, [], under: key) == SecretBytes(Self.plain))
            }
        }
        #expect(throws: OpeningFault()) { try open(sealed[0], [], under: keys[1]) }
        #expect(try open(sealed[0], [], under: keys[0]) == SecretBytes(Self.plain))
    }

    @Test func noNonceRepeats() {
        let key = sealingKey(9)
        let count = 100_000
        var seen = Set<[UInt8]>()
        seen.reserveCapacity(count)
        for _ in 0..<count {
            seen.insert(Array(seal([0], [], under: key).prefix(SealingKey.nonceBytes)))
        }
        #expect(seen.count == count)
    }

    @Test func threadsDoNotShareContexts() async {
        let key = sealingKey(9)
        let opened = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<500).count { round in
                        let plain = repeated(UInt8(task), 1 + round % 50)
                        let sealed = seal(plain, [UInt8(task)], under: key)
                        let back = Result { try open(sealed, [UInt8(task)], under: key) }
                        guard case .success(let secret) = back else { return false }
                        return secret == SecretBytes(plain)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(opened == 4_000)
    }
}

func sealingKey(_ byte: UInt8) -> SealingKey {
    SealingKey(SecretBytes(repeated(byte, SealingKey.keyBytes)))
}

func seal(
    _ plain: [UInt8], _ data: [UInt8], under key: SealingKey, _ nonce: [UInt8]? = nil
) -> [UInt8] {
    var output: [UInt8] = []
    plain.withBytes { plain in
        data.withBytes { data in
            guard let nonce else {
                key.seal(plain, associatedData: data, appendingTo: &output)
                return
            }
            output = repeated(0, plain.count + SealingKey.overhead)
            nonce.withBytes { nonce in
                output.withUnsafeMutableBytes { key.seal(plain, data, nonce: nonce, into: $0) }
            }
        }
    }
    return output
}

func open(
    _ sealed: [UInt8], _ data: [UInt8], under key: SealingKey
) throws(OpeningFault) -> SecretBytes {
    try sealed.withBytes { sealed throws(OpeningFault) in
        try data.withBytes { data throws(OpeningFault) in
            try key.open(sealed, associatedData: data)
        }
    }
}
