// A connection that is set up for a store, and transactions on it whose COMMIT is believed.

extension Connection {
    /// Connects, and sets what no setting of a role or a database may weaken.
    convenience init(
        toStore conninfo: String, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) {
        try self.init(conninfo, by: deadline)
        _ = try run(Schema.session, by: deadline)
    }

    /// Runs statements and COMMIT in one round trip, behind a BEGIN that was run before or with
    /// one of their own. Returns what each statement came to.
    ///
    /// A COMMIT with any notice is no yes: one that gave up waiting for its standby says that it
    /// was done, and warns.
    func commit(
        _ calls: [Statement.Call], by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> [Reply] {
        let replies = try run(calls + [Statement.commit], by: deadline)
        guard replies[calls.count].tag == "COMMIT" else {
            throw .lost("COMMIT was answered with \(replies[calls.count].tag)")
        }
        if let notice = notices.first { throw .lost("COMMIT warned (\(notice.rawValue))") }
        return Array(replies[..<calls.count])
    }
}
