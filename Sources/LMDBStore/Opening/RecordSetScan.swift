// Hashes all records of accounts, limits and apps that a snapshot of LMDB has. It opens none: about
// a second for a million accounts.

import Secrets
import Store

struct RecordSetScan {
    let seal: RecordSeal
    let job: Job
    private(set) var hash = SetHash.empty
    /// Whether a page could not be read, so that nobody knows what is on it.
    private(set) var isDamaged = false

    init(seal: RecordSeal, job: Job) { (self.seal, self.job) = (seal, job) }

    /// Throws `CancellationError` once the job is cancelled.
    mutating func run(_ transaction: borrowing Transaction, _ tables: Tables) throws {
        let change = SetChange(seal.keys.setHash)
        var isDamaged = false
        for table in Table.allCases where table.isInSet && tables.has(table) {
            // The visit throws when a key comes twice.
            try transaction.forEach(tables[table], damage: { _ in isDamaged = true }) {
                key, value in
                try job.step()
                change.note(from: nil, to: SetChange.tag(value), at: key, in: table)
            }
        }
        (hash, self.isDamaged) = (change.hash, isDamaged)
    }

    enum Finding {
        /// All records are those that were written last.
        case sound
        /// One was put back to what it was, or is gone, or came from elsewhere.
        case older
        /// Some cannot be read; or an older version wrote the store.
        case unknown
    }

    /// Compares what a snapshot has with what its state says.
    static func finding(
        _ contents: Meta.Contents, _ transaction: borrowing Transaction, _ tables: Tables,
        _ job: Job
    ) throws -> Finding {
        guard let state = contents.state else { return .unknown }
        var scan = RecordSetScan(seal: contents.seal, job: job)
        try scan.run(transaction, tables)
        if scan.isDamaged { return .unknown }
        return scan.hash == state.records ? .sound : .older
    }
}
