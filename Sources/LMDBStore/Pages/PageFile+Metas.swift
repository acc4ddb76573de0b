// Looks at the two pages that LMDB's file begins with, of which the newer counts, before LMDB opens
// the file. If one is damaged the other does not count either: it may be the older one, a store of
// yesterday.

import CLMDB
import Glibc

extension PageFile {
    /// The page sizes that LMDB chooses: those of machines.
    private static let pageSizes = [4096, 8192, 16_384, 32_768]
    /// A daemon may be writing one of them at each look, but not the same for ever.
    private static let looks = 50

    /// Looks at both, before LMDB opens the file. Nil when there is no file, or an empty one.
    static func verifyMetas(_ path: String) throws(LMDBFault) {
        let descriptor = open(path + "/data.mdb", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            // LMDB makes one, or says why not.
            if errno == ENOENT { return }
            throw LMDBFault(code: errno)
        }
        defer { close(descriptor) }
        var fault: LMDBFault?
        for _ in 0..<looks {
            fault = try wrongMeta(descriptor)
            if fault == nil { return }
            usleep(200)
        }
        if let fault { throw fault }
    }

    private static func wrongMeta(_ descriptor: Int32) throws(LMDBFault) -> LMDBFault? {
        var file = Glibc.stat()
        guard fstat(descriptor, &file) == 0 else { throw LMDBFault(code: errno) }
        if file.st_size == 0 { return nil }
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: 512, alignment: 8)
        defer { buffer.deallocate() }
        func read(at offset: Int) -> Bool {
            memset(buffer, 0, 512)
            return pread(descriptor, buffer, 512, off_t(offset)) == 512
        }
        // The size of a page stands where the first table's unused field is.
        guard read(at: 0) else { return .damaged(0, "the file is too short") }
        let bytes = Int(buffer.loadUnaligned(fromByteOffset: 40, as: UInt32.self))
        guard pageSizes.contains(bytes) else { return .damaged(0, "it is no header of LMDB's") }
        var metas: [MetaPage] = []
        for number in [UInt64(0), 1] {
            guard read(at: Int(number) * bytes),
                let meta = MetaPage(
                    UnsafeRawPointer(buffer), number: number, pageBytes: bytes,
                    fileBytes: Int(file.st_size))
            else { return .damaged(number, "it is no header of LMDB's") }
            metas.append(meta)
        }
        let newer = metas[0].transaction > metas[1].transaction ? 0 : 1
        // Each is of the transaction after the other's, and no transaction gives back the last
        // pages: the next would write over what lies behind them.
        guard metas[newer].transaction - metas[1 - newer].transaction <= 1,
            metas[newer].lastPage >= metas[1 - newer].lastPage
        else {
            return .damaged(UInt64(newer), "the two headers do not belong together")
        }
        return nil
    }
}
