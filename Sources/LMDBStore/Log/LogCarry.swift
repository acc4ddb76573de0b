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
    /// Whether it says something of a record.
    func has(_ table: Table, _ id: RecordID) -> Bool {
        switch table {
        case .factors: return places[id].factor.isSomewhere
        case .guards: return places[id].guard.isSomewhere
        case .limits: return buckets[id].one.isSomewhere
        case .apps: return apps[id].one.isSomewhere
        case .events, .meta: return false
        }
    }

    /// Puts what a lap has left into a frame, but for what is newer here. Returns where it is.
    /// Throws `RecordFault.malformed` for a record that the disk has lost since: it is not gone.
    ///
    /// - Parameter seal: what an older key has sealed is sealed anew: a change of keys counts on
    ///   that for every frame behind it.
    func carry(
        from lap: LogLap, into frame: LogFrameWriter, _ seal: RecordSeal
    ) throws(RecordFault) -> ChangedPlaces {
        let (accounts, buckets, apps) = (LogIndex(), LogIndex(), LogIndex())
        for leftover in lap.leftovers.all where !has(leftover.table, leftover.id) {
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
            switch leftover.table {
            case .factors: accounts.update(leftover.id, RecordPlaces(factor: place))
            case .guards: accounts.update(leftover.id, RecordPlaces(guard: place))
            case .limits: buckets.update(leftover.id, RecordPlaces(one: place))
            case .apps: apps.update(leftover.id, RecordPlaces(one: place))
            case .events, .meta: break
            }
        }
        return ChangedPlaces(accounts: accounts, buckets: buckets, apps: apps)
    }
}
