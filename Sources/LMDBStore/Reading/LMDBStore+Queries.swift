// The looks into the store on the lane: accounts, events, apps and figures, in the log and in LMDB.
// And what any thread may ask of the flushes.

import Accounts
import Store

extension LMDBStore {
    package var flushed: UInt64 { log.flushes.flushed }
    package var lastEvent: UInt64 { log.flushes.lastEvent }
    package var isFlushBehind: Bool { log.flushes.isBehind }

    package func whenFlushed(_ body: @escaping @Sendable (StoreFault?) -> Void) {
        log.flushes.whenFlushed(body)
    }

    /// Has `body` called once, if records of LMDB's are older than they were when totpd wrote last.
    package func whenOlder(_ body: @escaping @Sendable () -> Void) { set.whenOlder(body) }

    package func accounts(
        after: RecordID?, atMost count: Int
    ) throws(StoreFault) -> AccountSlice {
        try look { transaction, log, seal in
            try AccountScan(tables: tables, reader: AccountReader(seal: seal), log: log)
                .slice(after: after, atMost: count, transaction)
        }
    }

    package func events(
        _ position: EventPosition, atMost count: Int
    ) throws(StoreFault) -> EventSlice {
        try look { transaction, log, seal in
            try EventScan(tables: tables, seal: seal, log: log, newest: chainEnd.sequence)
                .slice(position, atMost: count, transaction)
        }
    }

    package func apps(after: AppName?, atMost count: Int) throws(StoreFault) -> AppSlice {
        counts.slice(after: after, atMost: count)
    }

    package func limits(after: RecordID?, atMost count: Int) throws(StoreFault) -> LimitSlice {
        try look { transaction, log, seal in
            try LimitScan(tables: tables, seal: seal, log: log)
                .slice(after: after, atMost: count, transaction)
        }
    }

    package func lastOmission(ofWrongCodesOf app: AppName) throws(StoreFault) -> Instant? {
        omissions.lastOmission(ofWrongCodesOf: app)
    }

    package func figures() throws(StoreFault) -> StoreFigures {
        try look { transaction, log, seal in
            var figures = StoreFigures()
            (figures.apps, figures.accounts) = (counts.apps, counts.sum)
            figures.lastEvent = lastEvent
            figures.anchor = chainEnd.anchor
            figures.firstEvent = (try Meta.tail(transaction, tables, seal)?.sequence ?? 0) + 1
            figures.isClockTrusted = clockWatch.isTrusted
            figures.unreadableEvent = retention.stuckAt
            figures.eventBytes = try transaction.bytes(of: tables.events)
            figures.eventBytesMax = retention.bytesMax
            figures.omittedEvents = omittedEvents
            figures.logBytes = log.active.end + log.other.end
            figures.logBytesMax = log.active.bytes.count + log.other.bytes.count
            figures.databaseBytes = try environment.usedBytes()
            figures.damagedPages = environment.damage.pages
            figures.damagedParts = environment.damage.parts
            figures.hasOlderRecords = set.finding == .older
            figures.isReadersFull = try environment.readers() >= LMDBEnvironment.readersMax
            figures.roomBytes = directory.roomBytes
            figures.masterKey = "\(keys.master)"
            figures.masterKeyWanted = "\(keys.ring.current.id)"
            figures.recordKeys = seal.keys.records.map { "\($0.id)" }
            figures.rotation = rotation
            return figures
        }
    }
}
