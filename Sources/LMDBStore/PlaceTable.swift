// Which accounts have newer records in the log, and where: a hash table of flat entries, because
// every change looks into three of them. It must never be keyed by anything but account ids, which
// are HMACs and so need no hashing of their own.

import Accounts
import CLMDB

struct RecordPlaces: Equatable {
    static let none = RecordPlaces()
    var factor = LogPlace.nowhere
    var `guard` = LogPlace.nowhere

    func moved(by distance: Int) -> RecordPlaces {
        RecordPlaces(
            factor: factor.isSomewhere ? factor.moved(by: distance) : factor,
            guard: `guard`.isSomewhere ? `guard`.moved(by: distance) : `guard`)
    }

    /// What is newer takes the place of what is there.
    mutating func update(_ newer: RecordPlaces) {
        if newer.factor.isSomewhere { factor = newer.factor }
        if newer.guard.isSomewhere { `guard` = newer.guard }
    }
}

struct PlaceTable {
    private struct Entry {
        var id = AccountID(high: 0, low: 0)
        /// An entry without places is free.
        var places = RecordPlaces.none
        var isFree: Bool { places == .none }
    }

    private static let capacityMin = 64
    /// A power of two, so that an id is cut to an index by a mask.
    private var entries = [Entry](repeating: Entry(), count: capacityMin)
    private(set) var count = 0

    subscript(id: AccountID) -> RecordPlaces {
        guard count > 0 else { return .none }
        return entries[index(of: id)].places
    }

    /// Has the entry of an id brought near, before it is asked for.
    func prefetch(_ id: AccountID) {
        guard count > 0 else { return }
        entries.withUnsafeBufferPointer { entries in
            let index = Int(truncatingIfNeeded: id.low) & (entries.count - 1)
            memory_prefetch(entries.baseAddress?.advanced(by: index), 1)
        }
    }

    /// Adds newer places of an account's records.
    mutating func update(_ id: AccountID, _ newer: RecordPlaces) {
        precondition(newer != .none, "a change has a place")
        if 2 * (count + 1) > entries.count { grow() }
        let index = index(of: id)
        if entries[index].isFree {
            entries[index].id = id
            count += 1
        }
        entries[index].places.update(newer)
    }

    mutating func removeAll() {
        guard count > 0 else { return }
        count = 0
        entries.withUnsafeMutableBufferPointer { $0.update(repeating: Entry()) }
    }

    func forEach<Failure: Error>(
        _ body: (AccountID, RecordPlaces) throws(Failure) -> Void
    ) throws(Failure) {
        for entry in entries where !entry.isFree { try body(entry.id, entry.places) }
    }

    /// Where an id is, or where it would go: linear probing, at most half full.
    private func index(of id: AccountID) -> Int {
        let mask = entries.count - 1
        var index = Int(truncatingIfNeeded: id.low) & mask
        while !entries[index].isFree, entries[index].id != id { index = (index + 1) & mask }
        return index
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(), count: 2 * old.count)
        for entry in old where !entry.isFree { entries[index(of: entry.id)] = entry }
    }
}
