// Builds a frame, in memory that is kept from batch to batch. The plain text of a record is sealed
// in place, so none stays there.

import Accounts
import Secrets
import Store

final class LogFrameWriter {
    private let seal: RecordSeal
    private var memory: UnsafeMutableRawBufferPointer
    private var count = 0

    init(seal: RecordSeal) {
        self.seal = seal
        memory = .allocate(byteCount: 64 << 10, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// Up to the next entry that is put in.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    /// The frame that `end` has sealed, and an empty sector behind it. So whatever is not zero
    /// where the log ends was a frame, however damaged.
    var endedBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[..<(count + LogSegment.sectorBytes)])
    }

    var isEmpty: Bool { count <= LogFrame.headerBytes }

    /// What it takes of a segment once it is sealed.
    var footprint: Int { LogFrame.footprint(count + LogFrame.sealBytes) }

    func begin() {
        count = 0
        let header = reserve(LogFrame.headerBytes)
        header.initializeMemory(as: UInt8.self, repeating: 0)
        header.copyBytes(from: LogFrame.magic)
        header[8] = LogFrame.version
        header.storeBytes(
            of: seal.keys.records[0].id.rawValue.bigEndian, toByteOffset: 12, as: UInt32.self)
    }

    /// Seals a record into the frame. Returns its place there.
    func put(
        _ plain: UnsafeRawBufferPointer, version: UInt8, in table: Table,
        at key: UnsafeRawBufferPointer
    ) -> LogPlace {
        let size = RecordSeal.overhead + plain.count
        let place = beginEntry(table, key, size)
        let sealed = reserve(size)
        seal.seal(plain, version: version, in: table, at: key, into: sealed)
        return place
    }

    /// Notes that a record is gone. Returns the note's place in the frame.
    func delete(in table: Table, at key: UnsafeRawBufferPointer) -> LogPlace {
        beginEntry(table, key, 0)
    }

    /// Takes a record over as it is sealed, or that it is gone. Returns its place in the frame.
    func carry(
        _ sealed: UnsafeRawBufferPointer?, in table: Table, at key: UnsafeRawBufferPointer
    ) -> LogPlace {
        let place = beginEntry(table, key, sealed?.count ?? 0)
        if let sealed { reserve(sealed.count).copyMemory(from: sealed) }
        return place
    }

    private func beginEntry(
        _ table: Table, _ key: UnsafeRawBufferPointer, _ size: Int
    ) -> LogPlace {
        precondition(key.count == table.keyBytes)
        guard let size = UInt16(exactly: size) else {
            preconditionFailure("a record longer than an entry can say")
        }
        let entry = reserve(1 + key.count + LogPlace.lengthBytes)
        entry[0] = table.rawValue
        UnsafeMutableRawBufferPointer(rebasing: entry[1...]).copyMemory(from: key)
        entry.storeBytes(of: size.bigEndian, toByteOffset: 1 + key.count, as: UInt16.self)
        return LogPlace(offset: UInt32(count - LogPlace.lengthBytes))
    }

    /// Seals the frame, and fills it up to whole sectors.
    ///
    /// - Parameters:
    ///   - previous: the frame that it comes after.
    ///   - inFlight: how many up to that one are not known to be on the disk.
    ///   - fileBytes: how long the file is that it goes to.
    func end(
        _ head: EventHead, after previous: LogFrameID, inFlight: Int, fileBytes: Int
    ) -> LogFrameID {
        let sequence = previous.sequence + 1
        memory[LogFrame.inFlightOffset] = UInt8(inFlight)
        memory.storeBytes(of: sequence.bigEndian, toByteOffset: 16, as: UInt64.self)
        let length = UInt32(count + LogFrame.sealBytes)
        memory.storeBytes(
            of: length.bigEndian, toByteOffset: LogFrame.lengthOffset, as: UInt32.self)
        memory.storeBytes(
            of: UInt32(fileBytes).bigEndian, toByteOffset: LogFrame.fileBytesOffset,
            as: UInt32.self)
        UnsafeMutableRawBufferPointer(
            rebasing: memory[LogFrame.previousOffset..<LogFrame.headerBytes]
        ).copyBytes(from: previous.tag)
        var plain = RecordWriter(reserving: LogFrame.headBytes)
        plain.append(head.sequence)
        plain.append(fixed: head.hash)
        let trailer = reserve(LogFrame.sealBytes)
        let covered = UnsafeRawBufferPointer(rebasing: memory[..<(count - LogFrame.sealBytes)])
        plain.withBytes { plain in
            seal.keys.records[0].sealing.seal(plain, associatedData: covered, into: trailer)
        }
        let tag = Array(trailer[(LogFrame.sealBytes - LogFrame.tagBytes)...])
        let padding = reserve(LogFrame.footprint(count) - count)
        padding.initializeMemory(as: UInt8.self, repeating: 0)
        reserve(LogSegment.sectorBytes).initializeMemory(as: UInt8.self, repeating: 0)
        count -= LogSegment.sectorBytes
        return LogFrameID(sequence: sequence, tag: tag)
    }

    /// The next `size` bytes, to be written.
    private func reserve(_ size: Int) -> UnsafeMutableRawBufferPointer {
        if memory.count - count < size {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(2 * memory.count, count + size), alignment: 16)
            larger.copyMemory(from: bytes)
            memory.deallocate()
            memory = larger
        }
        defer { count += size }
        return UnsafeMutableRawBufferPointer(rebasing: memory[count..<(count + size)])
    }
}
