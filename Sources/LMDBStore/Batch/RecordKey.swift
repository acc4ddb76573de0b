// A record's key as LMDB takes it: 16 bytes, so that they sort as the numbers do.

import Accounts

struct RecordKey {
    private let high: UInt64
    private let low: UInt64

    init(_ id: RecordID) {
        high = id.high.bigEndian
        low = id.low.bigEndian
    }

    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(of: (high, low)) { bytes throws(Failure) in try body(bytes) }
    }
}
