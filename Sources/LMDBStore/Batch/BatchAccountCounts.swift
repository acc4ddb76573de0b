// How many accounts each app has, with what a batch changes. The new numbers go into the frame that
// has the accounts themselves, and count for later batches only when that frame was kept.

import Accounts
import Secrets
import Store

final class BatchAccountCounts {
    private let seal: RecordSeal
    private let frame: LogFrameWriter
    /// As it is on the disk.
    private(set) var counts: AccountCounts
    /// The new numbers of those apps that this batch has changed.
    private var new: [AppName: Int] = [:]
    /// Where in the frame they are.
    private let changed: LogIndex

    init(seal: RecordSeal, frame: LogFrameWriter, changed: LogIndex, counts: AccountCounts) {
        (self.seal, self.frame, self.changed, self.counts) = (seal, frame, changed, counts)
    }

    func begin() {
        if !new.isEmpty { new.removeAll(keepingCapacity: true) }
    }

    /// Accounts of an app, those included that this batch has made.
    subscript(app: AppName) -> Int { new[app] ?? counts[app] }

    /// Never below none: accounts whose records did not open were not counted.
    func add(_ difference: Int, to app: AppName) {
        new[app] = max(0, self[app] + difference)
    }

    /// Puts the new numbers into the frame, one record for each app.
    func end() {
        for (app, accounts) in new where accounts != counts[app] {
            let id = RecordID(app: app, indexKey: seal.keys.preparedIndex)
            changed.update(
                id, RecordPlaces(one: put(AccountCount(name: app, accounts: accounts), id)))
        }
    }

    private func put(_ app: AccountCount, _ id: RecordID) -> LogPlace {
        RecordKey(id).withBytes { key in
            guard let plain = AccountCountRecord.encode(app) else {
                return frame.delete(in: .apps, at: key)
            }
            return plain.withBytes {
                frame.put($0, version: AccountCountRecord.version, in: .apps, at: key)
            }
        }
    }

    /// The frame is in the log.
    func commit() {
        for (app, accounts) in new { counts[app] = accounts }
    }
}
