// How many accounts an app has, as a row: the number stands open, because the server adds to it and
// keeps it within its bound; the name is sealed.

import Accounts
import Secrets
import Store

enum AppRow {
    private static let version: UInt8 = 1

    static func seal(_ app: AppName, _ id: RecordID, _ seal: RowSeal) -> [UInt8] {
        var writer = RecordWriter(reserving: 40)
        writer.append(text: app.description)
        return seal.seal(writer, version: version, in: .apps, at: Parameter.uuid(id))
    }

    static func open(
        _ sealed: [UInt8], _ id: RecordID, _ seal: RowSeal
    ) throws(RecordFault) -> AppName {
        let name = try seal.withOpened(
            sealed, versions: version...version, in: .apps, at: Parameter.uuid(id)
        ) { plain, _ throws(RecordFault) in
            var reader = RecordReader(plain)
            let name = AppName(try reader.readText())
            try reader.finish()
            return name
        }
        guard let name, RecordID(app: name, indexKey: seal.keys.preparedIndex) == id else {
            throw .malformed
        }
        return name
    }
}

extension AppRow {
    /// Of rows of id, name and number.
    static func counts(
        _ found: Reply, _ seal: RowSeal
    ) throws(DatabaseFault) -> Result<AccountCounts, RecordFault> {
        var counts = AccountCounts()
        for row in 0..<found.count {
            let (id, sealed) = (try found.id(row, 0), try found.record(row, 1))
            let accounts = try found.int64(row, 2)
            do throws(RecordFault) {
                counts[try open(sealed, id, seal)] = Int(accounts)
            } catch {
                return .failure(error)
            }
        }
        return .success(counts)
    }
}
