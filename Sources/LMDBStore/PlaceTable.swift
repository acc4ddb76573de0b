// Which accounts have newer records in the log, and where: a hash table of flat entries, because
// every change looks into three of them. It must never be keyed by anything but account ids, which
// are HMACs and so need no hashing of their own.
//
// An id's topmost bits say where it goes. So the table lies in the order of the ids but for those
// that were moved a little, and a range of them is found without looking at the rest.

import Accounts
import CLMDB

struct RecordPlaces: Equatable {
    static let none = RecordPlaces()
    var factor = LogPlace.nowhere
    var `guard` = LogPlace.nowhere

    init(factor: LogPlace = .nowhere, guard: LogPlace = .nowhere) {
        (self.factor, self.guard) = (factor, `guard`)
    }

    func moved(by distance: Int) -> RecordPlaces {
        RecordPlaces(
            factor: factor.isSomewhere ? factor.moved(by: distance) : factor,
            guard: `guard`.isSomewhere ? `guard`.moved(by: distance) : `guard`)
    }

    /// A bucket of limits has one record. Its place stands where a guard's would, in a table of its
    /// own.
    init(bucket: LogPlace) { self.init(guard: bucket) }
    var bucket: LogPlace { self.guard }

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
    /// A power of two, so that an id is cut to an index by a shift.
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
            memory_prefetch(entries.baseAddress?.advanced(by: home(of: id)), 1)
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

    /// Where an id goes, unless another is there.
    private func home(of id: AccountID) -> Int { Int(truncatingIfNeeded: id.high >> shift) }

    private var shift: Int { entries.count.leadingZeroBitCount + 1 }

    /// Where an id is, or where it would go: linear probing, at most half full.
    private func index(of id: AccountID) -> Int {
        let mask = entries.count - 1
        var index = home(of: id)
        while !entries[index].isFree, entries[index].id != id { index = (index + 1) & mask }
        return index
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(), count: 2 * old.count)
        for entry in old where !entry.isFree { entries[index(of: entry.id)] = entry }
    }
}

extension PlaceTable {
    /// Ids in their order, and how far that goes: every id of the table that is greater than
    /// `after` and not greater than `end` was looked at; nil is the end of all.
    struct Range {
        var ids: [AccountID] = []
        var end: AccountID?
    }

    /// The places that are looked at in one go, full or free: some 100 µs.
    static let placesPerRange = 4096

    /// The ids greater than `after` that have a place such as is wanted.
    ///
    /// - Parameter count: the search ends soon after as many were found.
    func range(
        after: AccountID?, count: Int, where isWanted: (RecordPlaces) -> Bool
    ) -> Range {
        var range = Range()
        func take(_ entry: Entry) {
            guard after.map({ $0 < entry.id }) ?? true, isWanted(entry.places) else { return }
            range.ids.append(entry.id)
        }
        let start = after.map(home) ?? 0
        var index = start
        while index < entries.count {
            let entry = entries[index]
            let isEnough = range.ids.count >= count || index - start >= Self.placesPerRange
            if entry.isFree, isEnough, index > start {
                // No id that goes further up can be behind a free place.
                range.end = AccountID(high: UInt64(index) << UInt64(shift) - 1, low: .max)
                break
            }
            // What was moved past the end, to the beginning, has its turn at the end.
            if !entry.isFree, home(of: entry.id) <= index { take(entry) }
            index += 1
        }
        if range.end == nil {
            index = 0
            while !entries[index].isFree {
                if home(of: entries[index].id) > index { take(entries[index]) }
                index += 1
            }
        }
        range.ids.sort()
        return range
    }
}
