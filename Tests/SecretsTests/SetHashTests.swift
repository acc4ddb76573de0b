// The hash of a set follows its elements, whatever their order, and is on disk.

import Testing

@testable import Secrets

@Suite("The hash of a set")
struct SetHashTests {
    private static let key = SetHashKey(SecretBytes((0..<32).map { UInt8($0) }), domains: 16)

    private func change(
        from old: [UInt8]?, to new: [UInt8]?, at place: [UInt8], in domain: Int = 1
    ) -> SetHash {
        let hasher = SetHasher(Self.key)
        for element in [old, new].compactMap({ $0 }) {
            hasher.toggle(hash(element), at: hash(place), in: domain)
        }
        return hasher.hash
    }

    private func hash(_ block: [UInt8]) -> SetHash { block.withUnsafeBytes { SetHash($0) } }

    private func block(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 16) }

    /// By openssl-enc(1): AES-256-CBC without padding and with an IV of zeros, of the domain
    /// as eight bytes and eight zeros, the place, and the element; the last block.
    @Test("is the last block of a CBC-MAC, and stays")
    func known() {
        let hash = change(from: nil, to: block(0x22), at: block(0x11), in: 2)
        #expect(hash.withBytes { Hex.encode(Array($0)) } == "5e5d8fc447f730be44ef2d7d725b511f")
    }

    @Test("is that of what there is, in any order, and of nothing else")
    func follows() {
        var elements: [[UInt8]: [UInt8]] = [:]
        var hash = SetHash.empty
        for index in 0..<500 {
            let place = block(UInt8(index * 7 % 20))
            let new = index % 3 == 0 ? nil : block(UInt8(truncatingIfNeeded: index * 13))
            hash ^= change(from: elements[place], to: new, at: place)
            elements[place] = new
            var anew = SetHash.empty
            for (place, element) in elements { anew ^= change(from: nil, to: element, at: place) }
            #expect(hash == anew)
        }
    }

    @Test("differs for another place, another domain and another element")
    func differs() {
        let one = change(from: nil, to: block(1), at: block(2))
        #expect(one != change(from: nil, to: block(2), at: block(1)))
        #expect(one != change(from: nil, to: block(1), at: block(2), in: 2))
        #expect(one != change(from: nil, to: block(3), at: block(2)))
        #expect(change(from: block(1), to: block(1), at: block(2)) == .empty)
        #expect(change(from: nil, to: nil, at: block(2)) == .empty)
    }

    @Test("is the same however many elements come at once")
    func many() {
        for count in [1, 127, 128, 129, 1000] {
            let hasher = SetHasher(Self.key)
            var sum = SetHash.empty
            for index in 0..<count {
                let place = block(UInt8(truncatingIfNeeded: index))
                let element = block(UInt8(truncatingIfNeeded: index / 256))
                hasher.toggle(hash(element), at: hash(place), in: 3)
                sum ^= change(from: nil, to: element, at: place, in: 3)
            }
            #expect(hasher.hash == sum && hasher.hash == sum, "\(count)")
        }
    }
}
