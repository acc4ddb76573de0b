// When a store's newest event was, in its log or in LMDB. The clock has been there at least. It is
// read when nobody knows yet whether the clock is right.

import Accounts
import Secrets
import Store

struct NewestEvent {
    let tables: Tables
    let seal: RecordSeal
    let laps: [LogLap]

    /// Of LMDB's, that are looked at for the latest: as many as a busy host writes in an hour.
    private static let blocksMax = 4096

    /// Of the newest that opens; nil when there is none. Every start may ask, and waits for it.
    func moment(_ transaction: borrowing Transaction) throws -> Instant? {
        try moments(transaction, ofLatest: false)?.last
    }

    /// Of the newest that opens, and the latest that any of the log and the last of LMDB's has: the
    /// clock may have been set back. Nil when there is none.
    ///
    /// - Parameter isLatestWanted: otherwise the first of LMDB's that opens is the last looked at.
    func moments(
        _ transaction: borrowing Transaction, ofLatest isLatestWanted: Bool = true
    ) throws -> (last: Instant, latest: Instant)? {
        var found: (last: Instant, latest: Instant)?
        for lap in laps {
            var events = try LoggedEvents(lap)
            while let event = try events.next() {
                guard let sealed = event.place.record(in: lap.bytes),
                    let block = seal.openedEvents(sealed, at: event.key),
                    let last = block.events.last?.at, let latest = block.latest
                else { continue }
                found = (last, max(found?.latest ?? latest, latest))
            }
        }
        var blocks = 0
        try withUnsafeBytes(of: UInt64.max) { key in
            try transaction.scan(tables.events, from: key, .backward, damage: { _ in }) {
                key, sealed in
                blocks += 1
                if let block = seal.openedEvents(sealed, at: key),
                    let last = block.events.last?.at, let latest = block.latest
                {
                    found = (found?.last ?? last, max(found?.latest ?? latest, latest))
                }
                return isLatestWanted ? blocks < Self.blocksMax : found == nil
            }
        }
        return found
    }
}

extension EventBlock {
    fileprivate var latest: Instant? { events.map(\.at).max() }
}

extension RecordSeal {
    /// A block of events; nil for one that cannot be read, of which a check tells.
    func openedEvents(
        _ sealed: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer
    ) -> EventBlock? {
        let version = Self.version(of: sealed)
        do throws(RecordFault) {
            return try withOpened(
                sealed, version: version, in: .events, at: key
            ) { plain throws(RecordFault) in
                try EventRecord.decode(plain, version: version)
            }
        } catch {
            return nil
        }
    }
}
