// A whole store at one moment, read page by page over a connection of its own.

import Accounts

/// Of one thread at a time.
final class DatabaseView {
    private let connection: Connection
    private static let pageRows: Int64 = 500

    /// How long one page may take.
    private static let wait = Swift.Duration.seconds(60)

    init(_ conninfo: String) throws(DatabaseFault) {
        connection = try Connection(toStore: conninfo, by: .now + Self.wait)
        let begin = Statement("begin view", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        _ = try connection.run([begin.with()], by: .now + Self.wait)
    }

    /// All rows of a statement at once, where they are few.
    func all(_ call: Statement.Call) throws(DatabaseFault) -> Reply {
        try connection.run([call], by: .now + Self.wait)[0]
    }

    /// Visits the rows of a statement that takes the last key and a number of rows, and has the key
    /// in its first columns. Ends early when `body` returns false.
    ///
    /// - Parameters:
    ///   - start: before the first key.
    ///   - key: of a row.
    func forEach(
        _ statement: Statement, from start: [[UInt8]],
        key: (Reply, Int) throws(DatabaseFault) -> [[UInt8]],
        _ body: (Reply, Int) throws(DatabaseFault) -> Bool
    ) throws(DatabaseFault) {
        var last = start
        while true {
            let call = Statement.Call(
                statement: statement, parameters: last + [Parameter.int64(Self.pageRows)])
            let page = try all(call)
            for row in 0..<page.count where try !body(page, row) { return }
            guard page.count == Self.pageRows else { return }
            last = try key(page, page.count - 1)
        }
    }
}

extension DatabaseView {
    /// The same of rows whose key is an id.
    func forEach(
        _ statement: Statement, _ body: (Reply, Int, RecordID) throws(DatabaseFault) -> Bool
    ) throws(DatabaseFault) {
        let key = { (page: Reply, row: Int) throws(DatabaseFault) -> [[UInt8]] in
            [Parameter.uuid(try page.id(row, 0))]
        }
        try forEach(
            statement, from: [Parameter.uuid(RecordID(high: 0, low: 0))], key: key
        ) { page, row throws(DatabaseFault) in
            try body(page, row, try page.id(row, 0))
        }
    }
}
