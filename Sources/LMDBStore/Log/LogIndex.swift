// Which accounts have newer records in the log, and where. A hash table of flat entries, because
// every change looks into three of them. Its keys are account ids: these are HMACs, and need no
// hash.
//
// An id's topmost bits say where it goes. So the table lies in the order of the ids but for those
// that were moved a little, and a range of them is found without looking at the rest.

import Accounts
import CLinux
import Glibc

final class LogIndex {
    fileprivate struct Entry {
        var id = RecordID(high: 0, low: 0)
        /// An entry without places is free.
        var places = RecordPlaces.none
        var isFree: Bool { places == .none }
    }

    private static let capacityMin = 64
    /// A power of two, so that an id is cut to an index by a shift. Not an array, because memory
    /// fresh from the kernel is full of free entries, and need not be written to become so.
    private var entries = UnsafeMutableBufferPointer<Entry>(start: nil, count: 0)
    private(set) var count = 0

    deinit { Self.giveBack(entries) }

    subscript(id: RecordID) -> RecordPlaces {
        guard count > 0 else { return .none }
        return entries[index(of: id)].places
    }

    /// Has the entry of an id brought near, before it is asked for.
    func prefetch(_ id: RecordID) {
        guard count > 0 else { return }
        memory_prefetch(entries.baseAddress?.advanced(by: home(of: id)), 1)
    }

    /// Adds newer places of an account's records.
    func update(_ id: RecordID, _ newer: RecordPlaces) {
        precondition(newer != .none, "a change has a place")
        if 2 * (count + 1) > entries.count { grow(to: max(2 * entries.count, Self.capacityMin)) }
        let index = index(of: id)
        if entries[index].isFree {
            entries[index].id = id
            count += 1
        }
        entries[index].places.update(newer)
    }

    func removeAll() {
        guard count > 0 else { return }
        count = 0
        entries.update(repeating: Entry())
    }

    /// Makes room for as many ids at once.
    func reserve(_ ids: Int) {
        var capacity = max(entries.count, Self.capacityMin)
        while capacity < 2 * ids { capacity *= 2 }
        if capacity > entries.count { grow(to: capacity) }
    }

    func forEach<Failure: Error>(
        _ body: (RecordID, RecordPlaces) throws(Failure) -> Void
    ) throws(Failure) {
        _ = try forEach(from: 0) { id, places throws(Failure) in
            try body(id, places)
            return true
        }
    }

    /// Visits the next ids, in their order but for those that were moved a little, up to the one
    /// for which `body` returns false.
    ///
    /// - Parameter place: where the last visit ended, 0 at first.
    /// - Returns: where the next one goes on, or nil at the end.
    func forEach<Failure: Error>(
        from place: Int, _ body: (RecordID, RecordPlaces) throws(Failure) -> Bool
    ) throws(Failure) -> Int? {
        var place = place
        var isGoingOn = true
        while place < entries.count, isGoingOn {
            let entry = entries[place]
            if !entry.isFree { isGoingOn = try body(entry.id, entry.places) }
            place += 1
        }
        return place < entries.count ? place : nil
    }

    /// Where an id goes, unless another is there.
    private func home(of id: RecordID) -> Int { Int(truncatingIfNeeded: id.high >> shift) }

    private var shift: Int { entries.count.leadingZeroBitCount + 1 }

    /// Where an id is, or where it would go: linear probing, at most half full.
    private func index(of id: RecordID) -> Int {
        let entries = entries
        let mask = entries.count - 1
        var index = home(of: id)
        while !entries[index].isFree, entries[index].id != id { index = (index + 1) & mask }
        return index
    }

    private func grow(to capacity: Int) {
        let old = entries
        entries = Self.freeEntries(capacity)
        for entry in old where !entry.isFree { entries[index(of: entry.id)] = entry }
        Self.giveBack(old)
    }

    // MARK: Memory

    /// A table of this size or more has pages of its own.
    private static let ownPagesBytes = 1 << 20

    /// Zeros, which is what free entries are.
    private static func freeEntries(_ count: Int) -> UnsafeMutableBufferPointer<Entry> {
        let bytes = count * MemoryLayout<Entry>.stride
        let start = bytes < ownPagesBytes ? calloc(1, bytes) : ownPages(bytes)
        guard let start else { preconditionFailure("out of memory") }
        return UnsafeMutableBufferPointer(
            start: start.bindMemory(to: Entry.self, capacity: count), count: count)
    }

    /// Huge ones where the kernel has some: a full table is 12 MiB that is met at random, and would
    /// be 3,072 small ones.
    private static func ownPages(_ bytes: Int) -> UnsafeMutableRawPointer? {
        let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard start != MAP_FAILED else { return nil }
        // Advice: a kernel that has no huge pages gives small ones.
        _ = madvise(start, bytes, MADV_HUGEPAGE)
        return start
    }

    private static func giveBack(_ entries: UnsafeMutableBufferPointer<Entry>) {
        let bytes = entries.count * MemoryLayout<Entry>.stride
        if bytes < ownPagesBytes {
            free(entries.baseAddress)
        } else {
            munmap(entries.baseAddress, bytes)
        }
    }
}

extension LogIndex {
    /// Ids in their order, and how far that goes: every id of the table that is greater than
    /// `after` and not greater than `end` was looked at; nil is the end of all.
    struct Range {
        var ids: [RecordID] = []
        var end: RecordID?
    }

    /// The places that are looked at in one go, full or free: about 100 µs.
    static let placesPerRange = 4096

    /// The ids greater than `after` that have a place such as is wanted.
    ///
    /// - Parameter count: the search ends soon after as many were found.
    func range(
        after: RecordID?, count: Int, where isWanted: (RecordPlaces) -> Bool
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
                range.end = RecordID(high: UInt64(index) << UInt64(shift) - 1, low: .max)
                break
            }
            // What was moved past the end, to the beginning, has its turn at the end.
            if !entry.isFree, home(of: entry.id) <= index { take(entry) }
            index += 1
        }
        if range.end == nil, !entries.isEmpty {
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
