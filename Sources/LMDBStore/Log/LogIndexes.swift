// Where the newest records of accounts, limits and apps are, in a frame or in a lap of the log.
// Events have no index: they are found by their numbers.

import Accounts
import Store

struct LogIndexes {
    let accounts = LogIndex()
    /// Of limits.
    let buckets = LogIndex()
    let apps = LogIndex()

    var count: Int { accounts.count + buckets.count + apps.count }

    func update(_ table: Table, _ id: RecordID, _ place: LogPlace) {
        switch table {
        case .factors: accounts.update(id, RecordPlaces(factor: place))
        case .guards: accounts.update(id, RecordPlaces(guard: place))
        case .limits: buckets.update(id, RecordPlaces(one: place))
        case .apps: apps.update(id, RecordPlaces(one: place))
        case .events, .meta: break
        }
    }

    /// Takes over what is newer.
    ///
    /// - Parameter distance: from where it was to where it is.
    func update(_ newer: LogIndexes, movedBy distance: Int) {
        newer.accounts.forEach { accounts.update($0, $1.moved(by: distance)) }
        newer.buckets.forEach { buckets.update($0, $1.moved(by: distance)) }
        newer.apps.forEach { apps.update($0, $1.moved(by: distance)) }
    }

    /// Whether something is said of a record.
    func has(_ table: Table, _ id: RecordID) -> Bool {
        switch table {
        case .factors: return accounts[id].factor.isSomewhere
        case .guards: return accounts[id].guard.isSomewhere
        case .limits: return buckets[id].one.isSomewhere
        case .apps: return apps[id].one.isSomewhere
        case .events, .meta: return false
        }
    }

    func removeAll() {
        accounts.removeAll()
        buckets.removeAll()
        apps.removeAll()
    }
}
