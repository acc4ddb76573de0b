// Why a file of the log could not be used (errno of the call).

import Glibc
import Secrets
import Store

struct LogFault: Error {
    let call: String
    let errno: Int32

    var text: String { "\(call): \(errorText(errno))" }

    /// Whether the write may be tried again later. A flush may not: the kernel forgets what it
    /// could not write, and would say yes the next time (fsync(2), "NOTES").
    var isFull: Bool {
        call != "fdatasync" && [ENOSPC, EDQUOT, EFBIG].contains(errno)
    }

    var storeFault: StoreFault { isFull ? .full(text) : .broken(text) }
}
