// A copy of a whole store at one moment, with the log folded in. Records are copied as they are
// sealed, so nothing is opened on the way. A restore hands in what it changes as values.

import Accounts
import CLMDB
import Secrets
import Store

struct StoreCopy {
    /// What was copied.
    struct Count: Equatable, Sendable {
        var accounts = 0
        var events = 0
    }

    let view: StoreView
    let job: Job

    /// Copies the records of accounts and of events; the store's own are left to `finish`.
    ///
    /// - Parameter change: what becomes of a record, when it does not stay as it is.
    func run(
        _ transaction: borrowing Transaction, to writer: StoreWriter,
        changing change: (Table, UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws -> [UInt8]?
    ) throws -> Count {
        var count = Count()
        let tables = view.tables
        // A backup of an older version lacks some.
        let copied = RecordCursor.tables.filter(tables.has)
        job.expect(try copied.reduce(0) { try $0 + transaction.count(tables[$1]) })
        for table in copied where table != .events {
            try LogOverlay(view.laps, over: table).forEach(tables[table], transaction) {
                key, sealed in
                try job.step()
                // An account has a guard as long as there is anything of it.
                if table == .guards { count.accounts += 1 }
                let changed = try change(table, key, sealed)
                try writer.append(table, key, changed.map { .own($0) } ?? .lent(sealed))
            }
        }
        try view.forEachEventRecord(transaction) { key, sealed in
            try job.step()
            guard let sealed else { throw RecordFault.malformed }
            try writer.append(.events, key, .lent(sealed))
            if RecordSeal.version(of: sealed) == EventRecord.gapVersion,
                let gap = view.contents.seal.openedEvents(sealed, at: key)?.gap
            {
                count.events -= Int(clamping: gap.count)
            }
        }
        // Their numbers have no gaps but those.
        count.events += Int(clamping: view.head.sequence)
        count.events -= Int(clamping: view.contents.tail.sequence)
        return count
    }

    /// What the store says of itself once its log is folded.
    var contents: Meta.Contents {
        var contents = view.contents
        contents.head = view.head
        contents.mark = LogMark(folded: view.lastFrame, reached: .none)
        return contents
    }
}
