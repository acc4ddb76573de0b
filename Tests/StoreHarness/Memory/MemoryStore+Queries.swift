// What a look into the reference engine finds. Each look opens only what it needs: a page is many
// looks, and tests read pages of ten thousand accounts under a sanitizer.

import Accounts
import Store

extension MemoryStore.State {
    func accounts(after: RecordID?, atMost count: Int) -> AccountSlice {
        let start = after.map { after in listed.partitioningIndex { $0 > after } } ?? 0
        let ids = listed[start...].prefix(count)
        var slice = AccountSlice()
        for id in ids {
            do throws(RecordFault) {
                guard let account = try records[id]?.account() else { continue }
                slice.entries.append(.account(id, account))
            } catch {
                slice.entries.append(.unreadable(id, error))
            }
        }
        if ids.endIndex < listed.endIndex { slice.end = ids.last }
        return slice
    }

    func limits(after: RecordID?, atMost count: Int) -> LimitSlice {
        let ids = buckets.keys.filter { id in after.map { $0 < id } ?? true }.sorted()
        var slice = LimitSlice()
        for id in ids.prefix(count) {
            do throws(RecordFault) {
                let bucket = try buckets[id]?.withBytes { bytes throws(RecordFault) in
                    LimitSlice.Bucket(
                        owner: try LimitRecord.decodeOwner(bytes),
                        keys: try LimitRecord.decode(bytes))
                }
                if let bucket { slice.buckets.append(bucket) }
            } catch {
                slice.unreadable += 1
            }
        }
        if ids.count > count { slice.end = ids[count - 1] }
        return slice
    }

    func events(_ position: EventPosition, atMost count: Int) -> EventSlice {
        var slice = EventSlice()
        switch position {
        case .after(let sequence):
            // The block that holds this one may hold the next.
            let start = events.partitioningIndex { $0.first > sequence } - 1
            for kept in events[max(0, start)...] {
                guard slice.take(kept, position, atMost: count) else { break }
            }
        case .before(let sequence):
            let end = events.partitioningIndex { $0.first >= sequence }
            for kept in events[..<end].reversed() {
                guard slice.take(kept, position, atMost: count) else { break }
            }
        }
        return slice
    }
}

extension EventSlice {
    fileprivate mutating func take(
        _ kept: MemoryStore.KeptBlock, _ position: EventPosition, atMost count: Int
    ) -> Bool {
        let block: EventBlock?
        do throws(RecordFault) {
            block = try kept.bytes.withBytes { bytes throws(RecordFault) in
                try EventRecord.decode(bytes, version: EventRecord.version)
            }
        } catch {
            block = nil
        }
        return take(block, first: kept.first, position, atMost: count)
    }
}
