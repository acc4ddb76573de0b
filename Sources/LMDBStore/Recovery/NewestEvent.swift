// When a store's newest event was, in its log or in LMDB. The clock has been there at least. It is
// read when nobody knows yet whether the clock is right.

import Accounts
import Secrets
import Store

struct NewestEvent {
    let tables: Tables
    let seal: RecordSeal
    let laps: [LogLap]

    /// Of the newest that opens; nil when there is none.
    func moment(_ transaction: borrowing Transaction) throws -> Instant? {
        var newest: Instant?
        for lap in laps {
            var events = try LoggedEvents(lap)
            while let event = try events.next() {
                guard let sealed = event.place.record(in: lap.bytes) else { continue }
                newest = moment(event.key, sealed) ?? newest
            }
        }
        if let newest { return newest }
        try withUnsafeBytes(of: UInt64.max) { key in
            try transaction.scan(tables.events, from: key, .backward) { key, sealed in
                newest = moment(key, sealed)
                return newest == nil
            }
        }
        return newest
    }

    private func moment(
        _ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer
    ) -> Instant? {
        seal.openedEvents(sealed, at: key)?.events.last?.at
    }
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
