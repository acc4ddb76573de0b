// Shows that data keys unwrap under the master key that wrapped them, whole, and under nothing
// else.

import Testing

@testable import Secrets

@Suite struct DataKeysTests {
    private let keys = DataKeys.generate()
    private let master = MasterKey(id: KeyID(rawValue: 0x0102_0304), key: Randomness.secret(32))

    @Test func unwrapWhatWasWrapped() throws {
        let older = MasterKey.generate()
        for ring in [
            KeyRing(current: master), KeyRing(current: older, older: [master]),
            KeyRing(current: master, older: [older]),
        ] {
            expectSame(try unwrap(keys.wrapped(by: master), ring), keys)
        }
    }

    @Test func severalRecordKeys() throws {
        let records = (0..<5).map {
            DataKeys.RecordKey(id: KeyID(rawValue: $0), key: Randomness.secret(32))
        }
        let keys = DataKeys(
            index: Randomness.secret(32), backupCode: Randomness.secret(32), records: records)
        let again = try unwrap(keys.wrapped(by: master), KeyRing(current: master))
        expectSame(again, keys)
        #expect(again.recordKey(KeyID(rawValue: 3))?.id.rawValue == 3)
        #expect(again.recordKey(KeyID(rawValue: 5)) == nil)
    }

    @Test func whatIsGeneratedDiffers() {
        let other = DataKeys.generate()
        #expect(keys.index != other.index)
        #expect(keys.backupCode != other.backupCode)
        #expect(keys.index != keys.backupCode)
        #expect(keys.records.count == 1)
        #expect(keys.wrapped(by: master) != keys.wrapped(by: master))
    }

    @Test func anotherMasterKeyIsMissing() {
        let other = MasterKey(id: KeyID(rawValue: 0x0102_0305), key: master.key)
        let fault = WrappingFault.missingMasterKey(master.id)
        #expect(throws: fault) { try unwrap(keys.wrapped(by: master), KeyRing(current: other)) }
        #expect(fault.description.contains("01020304"))
    }

    @Test func theSameIDAndAnotherKeyIsWrong() {
        let other = MasterKey(id: master.id, key: Randomness.secret(32))
        let fault = WrappingFault.wrongMasterKey(master.id)
        #expect(throws: fault) { try unwrap(keys.wrapped(by: master), KeyRing(current: other)) }
        #expect(fault.description.contains("01020304"))
    }

    @Test func everyFlippedBitIsRefused() {
        let wrapped = keys.wrapped(by: master)
        for index in wrapped.indices {
            for bit in 0..<8 {
                var flipped = wrapped
                flipped[index] ^= 1 << bit
                #expect(throws: fault(at: index, flipped), "byte \(index), bit \(bit)") {
                    try unwrap(flipped, KeyRing(current: master))
                }
            }
        }
    }

    /// Byte 0 is the version, 1 to 4 the id, and the rest is sealed.
    private func fault(at index: Int, _ bytes: [UInt8]) -> WrappingFault {
        switch index {
        case 0: return .unknownFormat
        case 1...4:
            let id = bytes[1...4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return .missingMasterKey(KeyID(rawValue: id))
        default: return .wrongMasterKey(master.id)
        }
    }

    @Test func everyOtherLengthIsRefused() {
        let wrapped = keys.wrapped(by: master)
        for count in 0..<wrapped.count {
            let fault: WrappingFault = count <= 5 ? .unknownFormat : .wrongMasterKey(master.id)
            #expect(throws: fault, "the first \(count) bytes") {
                try unwrap(Array(wrapped.prefix(count)), KeyRing(current: master))
            }
        }
        #expect(throws: WrappingFault.wrongMasterKey(master.id)) {
            try unwrap(wrapped + [0], KeyRing(current: master))
        }
    }

    @Test(
        "what opens but has another size has another format",
        arguments: [1, 64, 99, 101, 135, 137])
    func otherSizes(_ count: Int) {
        let sealed = seal(
            repeated(1, count), Array("totpd data keys 1".utf8), under: SealingKey(master.key))
        #expect(throws: WrappingFault.unknownFormat) {
            try unwrap([1, 1, 2, 3, 4] + sealed, KeyRing(current: master))
        }
    }

    /// Sealing keys do not compare: what one sealed, the other must open.
    private func expectSame(_ left: DataKeys, _ right: DataKeys) {
        #expect(left.index == right.index)
        #expect(left.backupCode == right.backupCode)
        #expect(left.records.map(\.id) == right.records.map(\.id))
        for (left, right) in zip(left.records, right.records) {
            let sealed = seal([1, 2, 3], [], under: left.sealing)
            #expect(throws: Never.self) { try open(sealed, [], under: right.sealing) }
        }
    }

    private func unwrap(
        _ bytes: [UInt8], _ ring: KeyRing
    ) throws(WrappingFault) -> DataKeys {
        try bytes.withBytes { bytes throws(WrappingFault) in
            try DataKeys(unwrapping: bytes, with: ring)
        }
    }
}
