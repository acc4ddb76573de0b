// Bytes as LMDB takes them and gives them.

import CLMDB

extension MDB_val {
    /// LMDB takes keys and values it only reads as mutable, for want of a second struct.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: mv_data, count: mv_size)
    }
}
