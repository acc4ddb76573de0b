// One connection that writes, and its row. A batch costs two round trips and one COMMIT: lock and
// read the rows, decide, write them together with the lane's own row.
//
// The row counts the batches that were kept. When a COMMIT has no answer, the lane connects anew
// and puts a new token into its row: that waits for whoever still writes it, and nobody with the
// old token can write any more. The count then says whether the batch was kept.

import Accounts
import Secrets
import Store

/// Of one thread at a time.
final class DatabaseLane {
    /// A batch that was sent.
    private struct Sent {
        /// Nil once nobody waits for them.
        var results: [ChangeResult]?
        let end: LaneEnd
        /// The same, sealed.
        let ending: [UInt8]
        let budgets: EventBudgets
    }

    private let id: Int64
    private let conninfo: String
    private let durability: Durability
    private let seal: RowSeal
    private let clock: ComparedClock
    private let memory: LaneMemory?
    private var connection: Connection?
    /// What the row may have as its token: one, unless an answer was lost.
    private var tokens: [RecordID]
    /// What this connection has put into the row.
    private var token: RecordID
    /// What surely was kept.
    private(set) var end: LaneEnd
    private(set) var budgets = EventBudgets()
    /// One whose COMMIT has had no answer.
    private var sent: Sent?

    /// Takes the lane of a host's place over, from whoever had it.
    init(
        _ conninfo: String, _ host: DatabaseHost, _ durability: Durability, _ seal: RowSeal,
        _ clock: ComparedClock, by deadline: ContinuousClock.Instant
    ) throws(DatabaseRefusal) {
        (self.conninfo, self.durability, self.seal) = (conninfo, durability, seal)
        self.clock = clock
        let row = LaneRow(host: host.name, place: 0, seal)
        memory = if let file = host.memory { try LaneMemory(at: file) } else { nil }
        let remembered = try memory?.read(seal)
        do throws(DatabaseFault) {
            let connection = try Connection(toStore: conninfo, by: deadline)
            id = try row.id(connection, by: deadline)
            let token = RecordID.randomToken()
            (self.token, tokens) = (token, [token])
            let take = LaneStatements.take.with(Parameter.int64(id), Parameter.uuid(token))
            _ = try connection.commit([LaneStatements.begin, take], by: deadline)
            let found = try LaneRow.end(of: id, connection, seal, by: deadline)
            guard let end = found else { throw .unexpected("no row of the lane") }
            self.end = end
            self.connection = connection
        } catch {
            throw .database(error)
        }
        if let remembered,
            remembered.lane != id || LaneOutcome.hasGoneBack(from: remembered.end, to: end)
        {
            throw .wentBack(
                "it has kept \(remembered.end.batches) batches in lane \(remembered.lane), and "
                    + "says \(end.batches) in lane \(id)")
        }
    }

    /// Decides and keeps a batch.
    ///
    /// - Parameters:
    ///   - isFirst: whether this is the first try of these changes. At any other, it may find that
    ///     the try before was kept, and return its results.
    ///   - deadline: when it gives up.
    func keep(
        _ changes: [Change], isFirst: Bool, by deadline: ContinuousClock.Instant
    ) throws(LaneFault) -> [ChangeResult] {
        if let results = try takeAgain(by: deadline) { return results }
        let reading = BatchReading(of: changes, lane: id, token, seal)
        let asked = ClockWatch.uptime()
        let found = try run(by: deadline) { connection throws(DatabaseFault) in
            try reading.found(connection.run(reading.calls, by: deadline))
        }
        clock.note(found.promise.now, sent: asked, received: ClockWatch.uptime())
        try check(found.promise, by: deadline)
        if isFirst, found.hasLoneFactor {
            // Somebody may have made the account between the two statements.
            throw undo(.overtaken("a factor came without its guard"), by: deadline)
        }
        var batch = Batch(on: found.rows, lane: id, after: end.head, budgets, seal)
        let results = batch.decide(changes)
        guard batch.isToBeKept else {
            // Whoever was asked for slow work is told nothing that anybody has to vouch for.
            _ = try run(by: deadline) { connection throws(DatabaseFault) in
                try connection.run([Statement.rollback], by: deadline)
            }
            return results
        }
        let next = LaneEnd(batches: end.batches + 1, head: batch.head)
        let ending = next.sealed(for: id, seal)
        sent = Sent(results: results, end: next, ending: ending, budgets: batch.budgets)
        let call = BatchWriting.call(batch, lane: id, token, from: end, ending: ending, seal)
        try write(call, by: deadline)
        try noteKept()
        return results
    }

    /// Has nobody be told what becomes of a batch whose COMMIT has had no answer.
    func forgetWhoWaits() { sent?.results = nil }

    // MARK: Its steps

    private func write(
        _ call: Statement.Call, by deadline: ContinuousClock.Instant
    ) throws(LaneFault) {
        let written: Reply
        do throws(LaneFault) {
            written = try run(by: deadline) { connection throws(DatabaseFault) in
                try connection.commit([call], by: deadline)[0]
            }
        } catch {
            // It was refused before its COMMIT, which was not run then.
            if case .overtaken = error { sent = nil }
            throw error
        }
        guard written.tag == "UPDATE 1" else { throw .away(.wentBack, "the lane's row is gone") }
    }

    /// Before anybody is told: what was told has to be remembered.
    private func noteKept() throws(LaneFault) {
        guard let sent else { return }
        (end, budgets) = (sent.end, sent.budgets)
        self.sent = nil
        try memory?.write(id, sent.ending)
    }

    /// - Parameter promise: what the server says of itself and of the lane.
    private func check(
        _ promise: BatchReading.Promise, by deadline: ContinuousClock.Instant
    ) throws(LaneFault) {
        if let (reason, cause) = refusal(promise) { throw undo(.away(reason, cause), by: deadline) }
    }

    /// Why nothing is decided; nil where it is.
    private func refusal(_ promise: BatchReading.Promise) -> (StoreFault.AwayReason, String)? {
        guard promise.batches >= end.batches else {
            return (.wentBack, Self.wentBack(from: end, to: promise.batches))
        }
        guard promise.isLaneOurs, promise.batches == end.batches else {
            return (.laneTaken, "somebody else writes in its place")
        }
        let isKeptEnough = promise.hasStandby || durability == .oneServer
        guard isKeptEnough, promise.isFlushed else {
            return (
                .notReplicated,
                "a COMMIT is not replicated, or not flushed, as the database is set"
            )
        }
        guard let skew = clock.skew else { return nil }
        let seconds = skew.milliseconds / 1000
        return (.clockSkew, "its clock and this host's are \(seconds) s apart")
    }

    private static func wentBack(from end: LaneEnd, to batches: Int64) -> String {
        "it has kept \(end.batches) batches of this lane, and says \(max(batches, 0))"
    }

    /// Connects anew, if the connection is gone, and takes the row with a new token. Returns the
    /// results of the batch before, if that was kept and somebody waits for them.
    private func takeAgain(
        by deadline: ContinuousClock.Instant
    ) throws(LaneFault) -> [ChangeResult]? {
        guard connection == nil else { return nil }
        do throws(LaneFault) {
            do throws(DatabaseFault) {
                connection = try Connection(toStore: conninfo, by: deadline)
                // It may be to another server.
                clock.forget()
            } catch {
                throw LaneFault(error)
            }
            return try learn(takeRow(by: deadline))
        } catch {
            // Without its row, the connection is no lane.
            connection = nil
            throw error
        }
    }

    /// Puts a new token into the row, and returns what the row says.
    private func takeRow(by deadline: ContinuousClock.Instant) throws(LaneFault) -> LaneEnd? {
        let token = RecordID.randomToken()
        let take = LaneStatements.takeAgain.with(
            Parameter.int64(id), Parameter.uuid(token), Parameter.array(of: tokens))
        // Of this statement, too, the answer may be lost.
        tokens.append(token)
        let taken = try run(by: deadline) { connection throws(DatabaseFault) in
            try connection.commit([LaneStatements.begin, take], by: deadline)[1].tag
        }
        let found = try run(by: deadline) { [id, seal] connection throws(DatabaseFault) in
            try LaneRow.end(of: id, connection, seal, by: deadline)
        }
        guard taken == "UPDATE 1" else {
            // Of a row that says less, nobody else need have taken it.
            let batches = found?.batches ?? -1
            guard batches >= end.batches else {
                throw .away(.wentBack, Self.wentBack(from: end, to: batches))
            }
            throw .away(.laneTaken, "another process has taken its place")
        }
        (self.token, tokens) = (token, [token])
        return found
    }

    /// What became of the batch before.
    private func learn(_ found: LaneEnd?) throws(LaneFault) -> [ChangeResult]? {
        let outcome = LaneOutcome(
            acknowledged: end.batches, isOneMoreTried: sent != nil, found: found?.batches ?? -1)
        switch outcome {
        case .kept, .notKept:
            // Where the numbers are the same, the events may be others.
            guard found == (outcome == .kept ? sent?.end : end) else {
                throw .away(.wentBack, "its row is not as it was left")
            }
        case .wentBack: throw .away(.wentBack, Self.wentBack(from: end, to: found?.batches ?? -1))
        case .taken: throw .away(.laneTaken, "somebody else has written in its place")
        }
        guard outcome == .kept else {
            sent = nil
            return nil
        }
        let results = sent?.results
        try noteKept()
        return results
    }

    // MARK: The connection

    /// Lends the connection, and gives it up, or undoes the transaction, after a fault.
    private func run<Found>(
        by deadline: ContinuousClock.Instant,
        _ body: (Connection) throws(DatabaseFault) -> Found
    ) throws(LaneFault) -> Found {
        guard let connection else { throw .lost("it was lost before") }
        do throws(DatabaseFault) {
            return try body(connection)
        } catch {
            let fault = LaneFault(error)
            guard case .overtaken = fault else {
                self.connection = nil
                throw fault
            }
            throw undo(fault, by: deadline)
        }
    }

    /// Undoes the transaction, and returns the fault that was the reason.
    private func undo(
        _ fault: LaneFault, by deadline: ContinuousClock.Instant
    ) -> LaneFault {
        guard let connection else { return fault }
        do throws(DatabaseFault) {
            _ = try connection.run([Statement.rollback], by: deadline)
        } catch {
            // The server undoes what belongs to no connection.
            self.connection = nil
        }
        return fault
    }
}
