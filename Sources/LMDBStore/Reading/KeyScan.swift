// The keys of records after one, in order, from LMDB and both segments of the log. None is left
// out that only one of them has.

import Accounts
import Store

struct KeyScan {
    let after: RecordID?
    /// How many are looked for at most.
    let count: Int

    /// Those that a table has.
    func keys(
        of database: Database, _ transaction: borrowing Transaction,
        damage: (LMDBFault) throws -> Void
    ) throws -> LogIndex.Range {
        var range = LogIndex.Range()
        let start = RecordKey(after ?? RecordID(high: 0, low: 0))
        try start.withBytes { start in
            try transaction.scan(database, from: start, .forward, damage: damage) { key, _ in
                // What has another length is nobody's; a check tells of it.
                guard key.count == 16 else { return true }
                let id = RecordID(key)
                guard id != after else { return true }
                range.ids.append(id)
                guard range.ids.count == count else { return true }
                range.end = id
                return false
            }
        }
        return range
    }

    /// Those that an index of the log has, with a place such as is wanted.
    func keys(
        of index: LogIndex, where isWanted: (RecordPlaces) -> Bool
    ) -> LogIndex.Range {
        index.range(after: after, count: count, where: isWanted)
    }

    /// All together, each once, as far as every source was looked through.
    func joined(_ sources: [LogIndex.Range]) -> LogIndex.Range {
        let end = sources.compactMap(\.end).min()
        var ids: [RecordID] = []
        for id in sources.flatMap(\.ids).sorted() where end.map({ id <= $0 }) ?? true {
            if ids.last != id { ids.append(id) }
        }
        let isCut = ids.count > count
        return LogIndex.Range(ids: Array(ids.prefix(count)), end: isCut ? ids[count - 1] : end)
    }
}
