// Shows that keyed hashes are those of RFC 2202 and RFC 4231, asked for one by one or many at once.

import Testing

@testable import Secrets

@Suite struct HMACTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        let key: [UInt8]
        let message: [UInt8]
        let sha1: String?
        let sha256: String?
        let sha512: String?

        init(
            _ name: String, key: [UInt8], _ message: [UInt8], sha1: String? = nil,
            sha256: String? = nil, sha512: String? = nil
        ) {
            (self.name, self.key, self.message) = (name, key, message)
            (self.sha1, self.sha256, self.sha512) = (sha1, sha256, sha512)
        }

        init(
            _ name: String, key: [UInt8], _ message: String, sha1: String? = nil,
            sha256: String? = nil, sha512: String? = nil
        ) {
            self.init(
                name, key: key, Array(message.utf8), sha1: sha1, sha256: sha256, sha512: sha512)
        }

        var testDescription: String { name }

        func digest(_ function: HashFunction) -> String? {
            switch function {
            case .sha1: return sha1
            case .sha256: return sha256
            case .sha512: return sha512
            }
        }
    }

    @Test(arguments: vectors, HashFunction.allCases)
    func hashesAsPublished(_ vector: Vector, _ function: HashFunction) {
        guard let expected = vector.digest(function) else { return }
        if vector.message.count <= 64 {
            #expect(many(function, vector.key, [vector.message]).map(hexadecimal) == [expected])
        }
        guard function == .sha256 else { return }
        let single = vector.message.withBytes {
            HMAC.sha256(key: SecretBytes(vector.key), $0)
        }
        #expect(hexadecimal(single) == expected)
        let open = vector.key.withBytes { key in
            vector.message.withBytes { HMAC.sha256(key: key, $0) }
        }
        #expect(hexadecimal(open) == expected)
        #expect(hexadecimal(prepared(vector.key, vector.message)) == expected)
    }

    @Test func everyVectorIsUsed() {
        #expect(Self.vectors.count { $0.sha1 != nil && $0.message.count <= 64 } >= 5)
        #expect(Self.vectors.count { $0.sha256 != nil } == 6)
        #expect(Self.vectors.count { $0.sha512 != nil && $0.message.count <= 64 } >= 5)
    }

    @Test("many messages hash as each alone", arguments: HashFunction.allCases)
    func manyEqualSingle(_ function: HashFunction) {
        let messages = (0...64).map { Randomness.bytes($0) }
        for length in [1, 20, 63, 64, 65, 127, 128, 129, 300] {
            let key = Randomness.bytes(length)
            let together = many(function, key, messages)
            #expect(together.allSatisfy { $0.count == function.size })
            for (message, digest) in zip(messages, together) {
                #expect(many(function, key, [message]) == [digest], "a key of \(length) bytes")
            }
        }
    }

    @Test("a key made ready hashes as the key itself, each time it is used")
    func preparedEqualsPlain() {
        for length in [1, 32, 63, 64, 65, 300] {
            let bytes = Randomness.bytes(length)
            let key = HMACKey(SecretBytes(bytes))
            for count in [0, 1, 55, 56, 64, 119, 120, 300] {
                let message = Randomness.bytes(count)
                let plain = message.withBytes { HMAC.sha256(key: SecretBytes(bytes), $0) }
                #expect(authenticate(message, key) == plain, "\(length), \(count)")
                #expect(authenticate(message, key) == plain, "\(length), \(count), again")
            }
        }
    }

    @Test func noMessagesNoDigests() {
        #expect(many(.sha1, [1], []) == [])
    }

    @Test("keys used in turn leave nothing behind")
    func keysInTurn() {
        let message = Array("counter!".utf8)
        let first = many(.sha1, repeated(1, 20), [message])
        let second = many(.sha1, repeated(2, 20), [message, message])
        #expect(first != [second[0]])
        #expect(second[0] == second[1])
        #expect(many(.sha1, repeated(1, 20), [message]) == first)
    }

    /// Python: hmac.new(b"", b"message", hashlib.sha256).hexdigest().
    @Test("an empty key is an empty key, not the key before")
    func emptyKey() {
        let message = Array("message".utf8)
        let other = repeated(7, 32)
        _ = other.withBytes { key in message.withBytes { HMAC.sha256(key: key, $0) } }
        let empty: [UInt8] = []
        let digest = empty.withBytes { key in message.withBytes { HMAC.sha256(key: key, $0) } }
        let expected = "eb08c1f56d5ddee07f7bdf80468083da06b64cf4fac64fe3a90883df5feacae4"
        #expect(hexadecimal(digest) == expected)
    }

    /// FIPS 180-4's examples, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func plainHash(_ text: String, _ expected: String) {
        let digest = Array(text.utf8).withBytes { SHA256.hash($0) }
        #expect(hexadecimal(digest) == expected)
        // Into memory that is there already, and no byte beyond the digest.
        var output = repeated(7, SHA256.digestBytes + 1)
        output.withUnsafeMutableBytes { output in
            Array(text.utf8).withBytes { SHA256.hash($0, into: output) }
        }
        #expect(hexadecimal(output) == expected + "07")
    }

    private func prepared(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        authenticate(message, HMACKey(SecretBytes(key)))
    }

    private func authenticate(_ message: [UInt8], _ key: HMACKey) -> [UInt8] {
        var digest = repeated(0, HMACKey.digestBytes)
        digest.withUnsafeMutableBytes { digest in
            message.withBytes { key.authenticate($0, into: digest) }
        }
        return digest
    }

    private func many(
        _ function: HashFunction, _ key: [UInt8], _ messages: [[UInt8]]
    ) -> [[UInt8]] {
        var digests: [[UInt8]] = []
        HMAC.authenticate(function, key: SecretBytes(key), count: messages.count) { index, buffer in
            buffer.copyBytes(from: messages[index])
            return messages[index].count
        } receive: { index, digest in
            #expect(index == digests.count)
            digests.append(Array(digest))
        }
        return digests
    }
}
