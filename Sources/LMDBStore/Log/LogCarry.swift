// What a fold finds no place for in LMDB, because the page where it belongs is damaged, stays in
// the log: it is written once more, behind what is there, before its segment is used again. What is
// newer stays.

import Accounts
import Store

/// What is needed to take leftovers over.
struct LogCarry {
    let keys: StoreKeys
    /// Notes in LMDB that a lap is folded. Returns why that could not be done.
    let finish: (LogLap) -> StoreFault?
}

extension LogLap {
    /// Puts what a lap has left into a frame, but for what is newer here. Returns where it is.
    /// Throws `RecordFault.malformed` for a record that the disk has lost since: it is not gone.
    ///
    /// - Parameter seal: what an older key has sealed is sealed anew: a change of keys counts on
    ///   that for every frame behind it.
    func carry(
        from lap: LogLap, into frame: LogFrameWriter, _ seal: RecordSeal
    ) throws(RecordFault) -> LogIndexes {
        let carried = LogIndexes()
        for leftover in lap.leftovers.all where !newest.has(leftover.table, leftover.id) {
            let record = leftover.place.record(in: lap.bytes)
            if let record, record.isEmpty { throw .malformed }
            let place = RecordKey(leftover.id).withBytes { key in
                if let record, RecordSeal.keyID(of: record) != seal.keys.records[0].id,
                    let new = seal.resealed(record, in: leftover.table, at: key)
                {
                    return new.withBytes { frame.carry($0, in: leftover.table, at: key) }
                }
                return frame.carry(record, in: leftover.table, at: key)
            }
            carried.update(leftover.table, leftover.id, place)
        }
        return carried
    }
}
