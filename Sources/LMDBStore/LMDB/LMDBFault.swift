// What LMDB says, or what was seen of its file: a code, and the page that is damaged. A store that
// may be broken is not called full.

import CLMDB
import Glibc
import Store

/// A result code of LMDB's, or errno (lmdb.h, "Return Codes").
struct LMDBFault: Error {
    let code: Int32
    /// The page that is damaged, how, and of what it is, where that is the fault.
    let damage: (page: UInt64, what: StaticString, part: StorePart)?

    init(code: Int32) { (self.code, damage) = (code, nil) }

    /// - Parameter what: completes "page N of data.mdb is damaged:".
    static func damaged(
        _ page: UInt64, _ what: StaticString, in part: StorePart = .store
    ) -> LMDBFault {
        LMDBFault(page: page, what: what, part: part)
    }

    private init(page: UInt64, what: StaticString, part: StorePart) {
        (code, damage) = (MDB_CORRUPTED, (page, what, part))
    }

    /// What it says of a record that was looked for; nil when it is no fault of the file's.
    var ofRecord: RecordFault? { damage.map { .pageDamaged($0.page) } }

    var text: String {
        if let damage { return "page \(damage.page) of data.mdb is damaged: \(damage.what)" }
        switch code {
        case MDB_READERS_FULL:
            return "as many read it at once as there are places; end some of totpctl's runs"
        case ENOMEM:
            return "out of memory, or of address space: see ulimit -v, and LimitAS= of the unit"
        default: return String(cString: mdb_strerror(code))  // LMDB has words for the others.
        }
    }

    /// Only what surely left the store as it was is `full`; anything else ends the process.
    ///
    /// - Parameter isDiskFull: LMDB says EIO when a write was cut short, as the last one before
    ///   ENOSPC often is. Nothing refers to those pages yet, and had it been the page that does,
    ///   LMDB would refuse all that follows (MDB_PANIC).
    func storeFault(isDiskFull: Bool) -> StoreFault {
        switch code {
        case MDB_MAP_FULL, MDB_TXN_FULL, ENOSPC, EDQUOT, EFBIG: return .full(text)
        case EIO where isDiskFull: return .full("\(text), and the disk is full")
        // It was seen before anybody followed it.
        case MDB_CORRUPTED where damage != nil: return .unreadable(text)
        // No transaction has begun.
        case MDB_READERS_FULL: return .unreadable(text)
        default: return .broken(text)  // Also what a later LMDB may add: it is not trusted.
        }
    }
}

/// Every call's result goes through here, once.
func check(_ code: Int32) throws(LMDBFault) {
    guard code == MDB_SUCCESS else { throw LMDBFault(code: code) }
}
