// The looks into a store in a database: accounts, limits, apps, events and figures.

import Accounts
import Store

extension PostgresStore {
    package func accounts(
        after: RecordID?, atMost count: Int
    ) throws(StoreFault) -> AccountSlice {
        let (rows, end) = try page(LookStatements.accounts, after, count)
        var slice = AccountSlice()
        slice.end = end
        for (id, records) in rows {
            do throws(RecordFault) {
                let rows = AccountRows(guard: records[1], factor: records[0])
                slice.entries.append(.account(id, try rows.account(id, seal)))
            } catch {
                slice.entries.append(.unreadable(id, error))
            }
        }
        return slice
    }

    package func limits(after: RecordID?, atMost count: Int) throws(StoreFault) -> LimitSlice {
        let (rows, end) = try page(LookStatements.buckets, after, count)
        var slice = LimitSlice()
        slice.end = end
        for (id, records) in rows {
            guard let sealed = records[0] else { continue }
            do throws(RecordFault) {
                slice.buckets.append(try BucketRow.openOwned(sealed, id, seal))
            } catch {
                slice.unreadable += 1
            }
        }
        return slice
    }

    /// So many rows behind a key, and the last of them when there are more.
    private func page(
        _ statement: Statement, _ after: RecordID?, _ count: Int
    ) throws(StoreFault) -> ([(RecordID, [[UInt8]?])], end: RecordID?) {
        // No id is all zeros but by a chance of 2⁻¹²⁸.
        let after = Parameter.uuid(after ?? RecordID(high: 0, low: 0))
        let call = statement.with(after, Parameter.int64(Int64(count) + 1))
        return try look { connection, deadline throws(DatabaseFault) in
            let found = try connection.run([call], by: deadline)[0]
            var rows: [(RecordID, [[UInt8]?])] = []
            for row in 0..<min(count, found.count) {
                var records: [[UInt8]?] = []
                for column in 1..<found.columns { records.append(try found.bytes(row, column)) }
                rows.append((try found.id(row, 0), records))
            }
            return (rows, found.count > count ? rows.last?.0 : nil)
        }
    }

    package func apps(after: AppName?, atMost count: Int) throws(StoreFault) -> AppSlice {
        try counts().slice(after: after, atMost: count)
    }

    private func counts() throws(StoreFault) -> AccountCounts {
        let seal = seal
        let counts = try look { connection, deadline throws(DatabaseFault) in
            try AppRow.counts(
                try connection.run([LookStatements.apps.with()], by: deadline)[0], seal)
        }
        do throws(RecordFault) {
            return try counts.get()
        } catch {
            throw .unreadable("the name of an app: \(error)")
        }
    }

    package func events(
        _ position: EventPosition, atMost count: Int
    ) throws(StoreFault) -> EventSlice {
        let seal = seal
        let (slice, last) = try look { connection, deadline throws(DatabaseFault) in
            let kept = try Numbering.run(connection, seal, by: deadline)
            let slice = try EventLook.slice(
                position, atMost: count, of: kept, connection, seal, by: deadline)
            return (slice, kept.last)
        }
        note(newest: last)
        return slice
    }

    package func lastOmission(ofWrongCodesOf app: AppName) throws(StoreFault) -> Instant? {
        budgets.lastOmission(ofWrongCodesOf: app)
    }

    package func figures() throws(StoreFault) -> StoreFigures {
        let away = away(hasStandby: try lookAtServer())
        let counts = try counts()
        let seal = seal
        let (numbers, size) = try look { connection, deadline throws(DatabaseFault) in
            let size = try connection.run([LookStatements.size.with()], by: deadline)[0]
            // Where no COMMIT comes to its end, nothing is numbered.
            let numbers =
                away == nil
                ? try Numbering.run(connection, seal, by: deadline)
                : try Numbering.known(connection, by: deadline)
            return (numbers, try size.int64(0, 0))
        }
        note(newest: numbers.last)
        var figures = StoreFigures()
        (figures.apps, figures.accounts) = (counts.apps, counts.sum)
        (figures.firstEvent, figures.lastEvent) = (numbers.first, numbers.last)
        figures.away = away
        figures.isClockTrusted = clockWatch.isTrusted
        figures.omittedEvents = budgets.omitted
        figures.databaseBytes = Int(size)
        figures.masterKey = "\(keys.master)"
        figures.masterKeyWanted = "\(masterWanted)"
        figures.recordKeys = seal.keys.records.map { "\($0.id)" }
        return figures
    }

    /// Whether another server would have what is committed now. Looks at the clock as well, so that
    /// one that was set right is found so where nobody asks anything.
    private func lookAtServer() throws(StoreFault) -> Bool {
        let asked = ClockWatch.uptime()
        return try look { [clock] connection, deadline throws(DatabaseFault) in
            let found = try connection.run([LookStatements.standby.with()], by: deadline)[0]
            clock.note(
                Instant(milliseconds: try found.int64(0, 1)), sent: asked,
                received: ClockWatch.uptime())
            return try found.int64(0, 0) == 1
        }
    }
}
