// One frame of the log: what goes in comes out, and nothing that was changed or cut opens at all.

import Accounts
import Secrets
import Store
import Testing

@testable import LMDBStore

@Suite("A frame of the log")
struct LogFrameTests {
    private let seal = RecordSeal(keys: .generate())
    private let head = EventHead(sequence: 77, hash: [UInt8](repeating: 9, count: 32))
    private let keys = [Array(1...16), Array(17...32)].map { $0.map { UInt8($0) } }

    /// A frame with a record, a deletion and an event, as it lies in a segment.
    private func frame(_ sequence: UInt64) -> [UInt8] {
        let writer = LogFrameWriter(seal: seal)
        writer.begin()
        keys[0].withUnsafeBytes { key in
            Array("a record".utf8).withUnsafeBytes {
                _ = writer.put($0, version: 1, in: .factors, at: key)
            }
        }
        keys[1].withUnsafeBytes { _ = writer.delete(in: .guards, at: $0) }
        [UInt8](repeating: 1, count: 8).withUnsafeBytes { key in
            [UInt8](repeating: 5, count: 600).withUnsafeBytes {
                _ = writer.put($0, version: 2, in: .events, at: key)
            }
        }
        let previous = LogFrameID(sequence: sequence - 1, tag: [UInt8](repeating: 3, count: 16))
        _ = writer.end(head, after: previous, inFlight: 3, fileBytes: 1 << 20)
        return Array(writer.bytes)
    }

    private func opens(_ bytes: some Collection<UInt8>) -> Bool {
        Array(bytes).withUnsafeBytes { LogFrameReader.open($0, seal) != nil }
    }

    @Test("says what was put in")
    func roundTrip() throws {
        let bytes = frame(42)
        #expect(bytes.count.isMultiple(of: LogSegment.sectorBytes))
        try bytes.withUnsafeBytes { bytes in
            let (reader, head) = try #require(LogFrameReader.open(bytes, seal))
            #expect(head == self.head)
            #expect(reader.header.sequence == 42)
            #expect(reader.header.fileBytes == 1 << 20)
            #expect(reader.header.inFlight == 3)
            #expect(reader.header.previous.sequence == 41)
            #expect(reader.header.previous.tag == [UInt8](repeating: 3, count: 16))
            #expect(reader.id.sequence == 42)
            var said: [String] = []
            try reader.forEach { entry in
                let record = entry.place.record(in: bytes)
                said.append("\(entry.table.name) \(entry.key.count) \(record?.count ?? 0)")
            }
            let overhead = RecordSeal.overhead
            #expect(
                said == ["factors 16 \(8 + overhead)", "guards 16 0", "events 8 \(600 + overhead)"])
        }
    }

    @Test("does not open with any bit flipped")
    func flipped() throws {
        let bytes = frame(42)
        let length = try #require(bytes.withUnsafeBytes { LogFrameHeader($0)?.length })
        for bit in 0..<(8 * length) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!opens(flipped), "bit \(bit)")
        }
        #expect(opens(bytes))
    }

    @Test("does not open when it is cut anywhere, or zeros take the place of what was cut")
    func cut() throws {
        let bytes = frame(42)
        let length = try #require(bytes.withUnsafeBytes { LogFrameHeader($0)?.length })
        for count in 0..<length {
            #expect(!opens(bytes[..<count]), "\(count) bytes")
        }
        for count in stride(from: 0, to: length, by: 7) where bytes[count] != 0 {
            let rest = [UInt8](repeating: 0, count: bytes.count - count)
            #expect(!opens(bytes[..<count] + rest), "\(count) bytes and zeros")
        }
        #expect(opens(bytes[..<length]))
    }

    @Test("does not open under another store's keys, nor with parts of another frame of its own")
    func foreign() throws {
        let (bytes, other) = (frame(42), frame(43))
        let stranger = RecordSeal(keys: .generate())
        let isOpen = bytes.withUnsafeBytes { LogFrameReader.open($0, stranger) != nil }
        #expect(!isOpen)
        for sector in 0..<(bytes.count / LogSegment.sectorBytes) {
            var mixed = bytes
            let range = (sector * 512)..<((sector + 1) * 512)
            mixed.replaceSubrange(range, with: other[range])
            #expect(!opens(mixed), "sector \(sector)")
        }
    }
}
