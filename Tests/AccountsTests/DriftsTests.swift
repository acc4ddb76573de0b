// What the drifts of accepted codes say of an authenticator's clock.

import Testing

@testable import Accounts

@Suite("The drifts of accepted codes") struct DriftsTests {
    private static func drifts(_ all: [Int8]) -> Drifts {
        var drifts = Drifts()
        for drift in all { drifts.note(drift) }
        return drifts
    }

    @Test("say nothing before the fourth, and then the largest of four")
    func ofAuthenticator() {
        let rows: [([Int8], Int8?)] = [
            ([], nil), ([0], nil), ([1, 1, 1], nil), ([0, 0, 0, 0], 0), ([0, -1, -1, -1], 0),
            ([-1, -1, -1, -1], -1), ([1, 0, 0, -1], 1), ([1, 0, 0, 0, 0], 0),
            ([-1, -1, -1, -1, 1], 1), ([1, 1, 1, 1, -1, -1, -1], 1),
        ]
        for (all, expected) in rows {
            #expect(Self.drifts(all).ofAuthenticator == expected, "\(all)")
            #expect(Self.drifts(all).newest == all.last)
        }
    }

    @Test("are a byte that comes back, and no other byte is read")
    func bytes() {
        var left: Set<UInt8> = []
        for count in 1...4 {
            for number in 0..<81 {
                let all = [number, number / 3, number / 9, number / 27].map { Int8($0 % 3) - 1 }
                let drifts = Self.drifts(Array(all.prefix(count)))
                left.insert(drifts.rawValue)
                #expect(Drifts(rawValue: drifts.rawValue) == drifts)
            }
        }
        // 3 + 9 + 27 + 81.
        #expect(left.count == 120)
        for byte in UInt8.min...UInt8.max where !left.contains(byte) {
            #expect(Drifts(rawValue: byte) == nil, "\(byte)")
        }
    }
}
