// LMDB's file, mapped as far as it goes. Maps that became too short stay until the end: somebody
// may be reading.

import CLMDB
import Glibc
import Store

final class PageFile: @unchecked Sendable {
    // Unchecked, because what changes is under `state`, and what is mapped is only read.
    private struct Map {
        let start: UnsafeMutableRawPointer
        let bytes: Int
    }

    private struct State {
        var maps: [Map] = []
        /// How long the file was when last looked at.
        var length = 0
    }

    private let path: String
    private let descriptor: Int32
    private let state = Locked(State())
    let damage = DamageNotes()

    /// - Parameter path: of the environment.
    init(_ path: String) throws(LMDBFault) {
        self.path = path + "/data.mdb"
        descriptor = open(self.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LMDBFault(code: errno) }
    }

    deinit {
        for map in state.withLock({ $0.maps }) { munmap(map.start, map.bytes) }
        close(descriptor)
    }

    /// The first `count` pages, or as many as there are.
    func pages(_ count: UInt64, of bytes: Int) throws(LMDBFault) -> Pages {
        try state.withLock { state throws(LMDBFault) in
            let wanted = count > UInt64(Int.max / bytes) ? Int.max : Int(count) * bytes
            if state.length < wanted { state.length = try length() }
            let length = min(wanted, state.length) / bytes * bytes
            if state.maps.last.map({ $0.bytes < length }) ?? true {
                state.maps.append(try map(atLeast: length))
            }
            guard let start = state.maps.last?.start else { throw LMDBFault(code: ENOMEM) }
            return Pages(base: UnsafeRawPointer(start), limit: UInt64(length / bytes), bytes: bytes)
        }
    }

    // MARK: Writing

    /// Makes the list of free pages an empty one, in LMDB's own header: durably, and in one sector.
    /// Only while a transaction keeps others from writing.
    func clearFreeList(writtenBy transaction: UInt64, pageBytes: Int) throws(LMDBFault) {
        let bytes = TableRecord.bytesOfEmpty
        try bytes.withBytes { bytes throws(LMDBFault) in
            try write(
                bytes,
                at: Int(transaction % 2) * pageBytes + MetaPage.freeOffset
                    + TableRecord.depthOffset)
        }
    }

    /// Writes past LMDB, durably: what it does not look at, or would not believe.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(LMDBFault) {
        let writer = open(path, O_WRONLY | O_CLOEXEC)
        guard writer >= 0 else { throw LMDBFault(code: errno) }
        defer { close(writer) }
        let written = pwrite(writer, bytes.baseAddress, bytes.count, off_t(offset))
        guard written == bytes.count else { throw LMDBFault(code: written < 0 ? errno : EIO) }
        guard fdatasync(writer) == 0 else { throw LMDBFault(code: errno) }
    }

    func length() throws(LMDBFault) -> Int {
        var file = Glibc.stat()
        guard fstat(descriptor, &file) == 0 else { throw LMDBFault(code: errno) }
        return Int(file.st_size)
    }

    /// Twice as much as is needed, so that a file that grows needs few; past its end nobody looks.
    private func map(atLeast bytes: Int) throws(LMDBFault) -> Map {
        let bytes = 2 * bytes + (1 << 20)
        let start = mmap(nil, bytes, PROT_READ, MAP_SHARED | MAP_NORESERVE, descriptor, 0)
        guard let start, start != MAP_FAILED else { throw LMDBFault(code: errno) }
        // Accounts are met at random, and pages read ahead would be the wrong ones.
        madvise(start, bytes, MADV_RANDOM)
        return Map(start: start, bytes: bytes)
    }
}
