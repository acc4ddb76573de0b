// A statement of SQL, and the same with its parameters. Every statement is prepared once for each
// connection, under its name, on the way of its first use.

package struct Statement: Sendable {
    let name: String
    let sql: String

    /// - Parameter name: no two statements of a connection share one.
    package init(_ name: String, _ sql: String) { (self.name, self.sql) = (name, sql) }

    /// - Parameter parameters: for `$1` and so on, in PostgreSQL's binary format: see
    ///   `Parameter`.
    package func with(_ parameters: [UInt8]...) -> Call {
        Call(statement: self, parameters: parameters)
    }

    package struct Call: Sendable {
        let statement: Statement
        let parameters: [[UInt8]]
    }

    static let begin = Statement("begin", "BEGIN").with()
    static let commit = Statement("commit", "COMMIT").with()
    static let rollback = Statement("rollback", "ROLLBACK").with()
}
