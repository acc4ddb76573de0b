// How far a lane was acknowledged, in a file of its host: a database that has less has gone back,
// and what it says is not true any more. Written before an answer leaves, and not flushed: it
// outlives the process, and a host that loses power may forget the newest.

import Accounts
import Glibc
import Store

/// Of one thread at a time.
final class LaneMemory {
    private let path: String
    private let descriptor: Int32

    /// In one sector of a disk, so that a new one replaces it whole.
    private static let bytesMax = 512

    /// Makes the file if there is none.
    init(at path: String) throws(DatabaseRefusal) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .memory("\(path): error \(errno)") }
    }

    deinit { close(descriptor) }

    /// What it holds: the lane, and where it ended; nil for a new file.
    func read(_ seal: RowSeal) throws(DatabaseRefusal) -> (lane: Int64, end: LaneEnd)? {
        var bytes = [UInt8](repeating: 0, count: Self.bytesMax)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw .memory("\(path): error \(errno)") }
        guard count > 0 else { return nil }
        do throws(RecordFault) {
            return try bytes.withBytes { bytes throws(RecordFault) in
                var reader = RecordReader(bytes)
                let lane: Int64 = try reader.read()
                let size: UInt16 = try reader.read()
                let sealed = try reader.read(fixed: Int(size))
                return (lane, try LaneEnd.open(sealed, of: lane, seal))
            }
        } catch {
            throw .memory("\(path): \(error)")
        }
    }

    /// - Parameter ending: as the lane's row has it.
    func write(_ lane: Int64, _ ending: [UInt8]) throws(LaneFault) {
        var writer = RecordWriter(reserving: Self.bytesMax)
        writer.append(lane)
        writer.append(UInt16(ending.count))
        writer.append(fixed: ending)
        writer.append(fixed: [UInt8](repeating: 0, count: Self.bytesMax - writer.bytes.count))
        let written = writer.withBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == Self.bytesMax else {
            throw .unremembered("\(path): error \(written < 0 ? errno : ENOSPC)")
        }
    }
}
