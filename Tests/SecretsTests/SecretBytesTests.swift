// Shows that a secret compares by its bytes and that no way of printing shows one.

import Testing

@testable import Secrets

@Suite struct SecretBytesTests {
    /// 0x53 is "S", so the text of a leak would be legible in any of the forms looked for.
    static let secret = SecretBytes(repeated(0x53, 20))

    private struct Holder {
        let name = "holder"
        let secret: SecretBytes
        let maybe: SecretBytes?
        let list: [SecretBytes]
        let map: [String: SecretBytes]
    }

    private static let holder = Holder(
        secret: secret, maybe: secret, list: [secret], map: ["key": secret])

    private static func dumped(_ value: Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }

    @Test func printsAsSecret() {
        #expect("\(Self.secret)" == "<secret>")
        #expect(String(describing: Self.secret) == "<secret>")
        #expect(String(reflecting: Self.secret) == "<secret>")
        #expect(Self.secret.debugDescription == "<secret>")
        #expect("\([Self.secret])" == "[<secret>]")
        let maybe: SecretBytes? = Self.secret
        #expect("\(String(describing: maybe))" == "Optional(<secret>)")
        #expect(Mirror(reflecting: Self.secret).children.isEmpty)
        #expect(Mirror(reflecting: Self.secret).superclassMirror == nil)
    }

    @Test func structsAroundItShowNothing() {
        let texts = ["\(Self.holder)", String(reflecting: Self.holder), Self.dumped(Self.holder)]
        for text in texts {
            #expect(text.contains("<secret>"))
            #expect(text.contains("holder"))
            expectNoLeak(text)
        }
        expectNoLeak(Self.dumped(Self.secret))
    }

    @Test func keysShowNothing() {
        let key = SecretBytes(repeated(0x53, 32))
        let master = MasterKey(id: KeyID(rawValue: 1), key: key)
        let record = DataKeys.RecordKey(id: KeyID(rawValue: 2), key: key)
        let values: [Any] = [SealingKey(key), master, record, KeyRing(current: master)]
        for value in values {
            expectNoLeak("\(value)")
            expectNoLeak(String(reflecting: value))
            expectNoLeak(Self.dumped(value))
        }
        // The one exception, which exists to write the key file.
        #expect(master.line.contains("5353"))
    }

    private func expectNoLeak(_ text: String) {
        for form in ["SSSS", "5353", "0x53", "83, 83", "U1NTU1", "0x0000", "base"] {
            #expect(!text.contains(form), "\(form) in \(text)")
        }
    }

    @Test func comparesByBytes() {
        let bytes = Randomness.bytes(64)
        #expect(SecretBytes(bytes) == SecretBytes(bytes))
        for bit in 0..<512 {
            var other = bytes
            other[bit / 8] ^= 1 << (bit % 8)
            #expect(SecretBytes(bytes) != SecretBytes(other), "bit \(bit)")
        }
        for count in 1..<64 {
            #expect(SecretBytes(bytes) != SecretBytes(bytes.prefix(count)), "\(count) bytes")
        }
    }

    @Test func emptyBuffersAreEqual() {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(SecretBytes.areEqual(nothing, nothing))
        [UInt8(0)].withBytes { one in
            #expect(!SecretBytes.areEqual(nothing, one))
        }
    }

    @Test func keepsWhatItWasGiven() {
        let copy = repeated(7, 3).withBytes { SecretBytes(copying: $0) }
        #expect(copy.count == 3)
        #expect(copy == SecretBytes([7, 7, 7]))
        #expect(copy.withBytes { Array($0) } == [7, 7, 7])
        #expect(SecretBytes(count: 2) { _ in }.withBytes { Array($0) } == [0, 0])
    }

    @Test func whatFillThrowsComesOut() {
        #expect(throws: OpeningFault()) {
            try SecretBytes(count: 8) { _ throws(OpeningFault) in throw OpeningFault() }
        }
    }

    @Test func arraysAreWipedInPlace() {
        var bytes = repeated(7, 100)
        bytes.wipe()
        #expect(bytes == repeated(0, 100))
        var nothing: [UInt8] = []
        nothing.wipe()
        #expect(nothing.isEmpty)
    }

    @Test func drawsDiffer() {
        let draws = Set((0..<1_000).map { _ in Randomness.bytes(20) })
        #expect(draws.count == 1_000)
        #expect(Randomness.secret(20) != Randomness.secret(20))
        #expect(Randomness.secret(64).count == 64)
    }
}
