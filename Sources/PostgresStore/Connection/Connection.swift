// One connection to the database, always in pipeline mode: statements go out together and cost one
// round trip. It waits until a deadline and no longer. It never asks the server to cancel: a COMMIT
// that waits for its standby and is cancelled says that it was done, and is on one host alone.

import CPostgres
import Glibc

/// Of one thread at a time.
package final class Connection {
    private let pq: libpq
    private let connection: OpaquePointer
    private let received = Notices()
    /// Statements that this connection has prepared, by name.
    private var prepared: Set<String> = []
    /// Whether it is of no more use.
    private(set) var isLost = false

    /// What the server said beside its answers since `run` was called last, by state. A COMMIT with
    /// any of it is no yes.
    var notices: [SQLState] { received.states }

    /// Over those of the connection string: a server that cannot write is as good as none.
    private static let settings: Connecting.Keywords = [
        ("application_name", "totpd"), ("client_encoding", "UTF8"),
        ("target_session_attrs", "read-write"),
    ]

    /// - Parameter conninfo: as libpq takes it ("Connection Strings" in PostgreSQL's manual).
    package init(_ conninfo: String, by deadline: ContinuousClock.Instant) throws(DatabaseFault) {
        let pq = try Library.found.get()
        self.pq = pq
        connection = try Connecting(pq, conninfo, Self.settings).connect(by: deadline)
        let notices = Unmanaged.passUnretained(received).toOpaque()
        _ = pq.PQsetNoticeReceiver(connection, { Notices.receive($0, $1) }, notices)
        guard pq.PQsetnonblocking(connection, 1) == 0, pq.PQenterPipelineMode(connection) == 1
        else { throw .unreachable(message) }
    }

    deinit { pq.PQfinish(connection) }

    /// Sends statements together, and returns what each came to, in their order.
    ///
    /// Statements that follow no BEGIN are one transaction.
    package func run(
        _ calls: [Statement.Call], by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> [Reply] {
        guard !isLost else { throw .lost("it was lost before") }
        received.states = []
        do throws(DatabaseFault) {
            let sent = try send(calls)
            try flush(by: deadline)
            return try receive(sent, by: deadline)
        } catch {
            // Of all others, answers may still be under way.
            if case .refused = error { throw error }
            isLost = true
            throw error
        }
    }

    // MARK: Sending

    /// What an answer is expected for.
    private enum Sent {
        case preparation(String)
        case call
    }

    private func send(_ calls: [Statement.Call]) throws(DatabaseFault) -> [Sent] {
        var sent: [Sent] = []
        var known = prepared
        for call in calls {
            let statement = call.statement
            if known.insert(statement.name).inserted {
                try check(pq.PQsendPrepare(connection, statement.name, statement.sql, 0, nil))
                sent.append(.preparation(statement.name))
            }
            try send(call)
            sent.append(.call)
        }
        try check(pq.PQpipelineSync(connection))
        return sent
    }

    private func send(_ call: Statement.Call) throws(DatabaseFault) {
        let count = call.parameters.count
        let lengths = call.parameters.map { Int32($0.count) }
        let formats = [Int32](repeating: 1, count: count)
        // One after the other, so that each has an address, also one of no bytes.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(call.parameters.reduce(0) { $0 + $1.count + 1 })
        for parameter in call.parameters {
            bytes += parameter
            bytes.append(0)
        }
        let status = bytes.withUnsafeBytes { bytes in
            var values: [UnsafePointer<CChar>?] = []
            var start = 0
            for parameter in call.parameters {
                values.append(
                    bytes.baseAddress?.advanced(by: start)
                        .assumingMemoryBound(to: CChar.self))
                start += parameter.count + 1
            }
            return pq.PQsendQueryPrepared(
                connection, call.statement.name, Int32(count), values, lengths, formats, 1)
        }
        try check(status)
    }

    private func flush(by deadline: ContinuousClock.Instant) throws(DatabaseFault) {
        while true {
            switch pq.PQflush(connection) {
            case 0: return
            case 1:
                // A server that cannot send its answers does not read on.
                let events = try wait(for: POLLIN | POLLOUT, by: deadline)
                if events & Int16(POLLIN) != 0 { try check(pq.PQconsumeInput(connection)) }
            default: throw .lost(message)  // -1: it cannot be written to (PQflush).
            }
        }
    }

    // MARK: Receiving

    private func receive(
        _ sent: [Sent], by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> [Reply] {
        var replies: [Reply] = []
        var refusal: DatabaseFault?
        for item in sent {
            guard let result = try next(by: deadline) else { throw .lost(message) }
            let reply = Reply(result, pq)
            switch reply.status {
            case libpq_command_ok, libpq_tuples_ok:
                switch item {
                case .preparation(let name): prepared.insert(name)
                case .call: replies.append(reply)
                }
            case libpq_pipeline_aborted where refusal != nil: break
            case libpq_fatal_error where refusal == nil: refusal = try fault(of: reply)
            // No other status answers what was sent; who knows what it means.
            default: throw .unexpected("status \(reply.status) of a statement")
            }
            try end(by: deadline)
        }
        guard let sync = try next(by: deadline) else { throw .lost(message) }
        defer { pq.PQclear(sync) }
        guard pq.PQresultStatus(sync) == libpq_pipeline_sync else { throw .lost(message) }
        if let refusal { throw refusal }
        return replies
    }

    /// Each statement's results end with none.
    private func end(by deadline: ContinuousClock.Instant) throws(DatabaseFault) {
        guard let more = try next(by: deadline) else { return }
        pq.PQclear(more)
        throw .unexpected("two results of one statement")
    }

    private func next(by deadline: ContinuousClock.Instant) throws(DatabaseFault) -> OpaquePointer?
    {
        while pq.PQisBusy(connection) == 1 {
            _ = try wait(for: POLLIN, by: deadline)
            try check(pq.PQconsumeInput(connection))
        }
        return pq.PQgetResult(connection)
    }

    private func fault(of reply: Reply) throws(DatabaseFault) -> DatabaseFault {
        // The end of a connection has no state.
        guard let state = reply.state else { throw .lost(message) }
        let cause = reply.cause ?? ""
        guard state != .completionUnknown else { throw .lost(cause) }
        return .refused(state, cause)
    }

    private func wait(
        for events: Int32, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> Int16 { try pq.wait(connection, for: events, by: deadline) }

    /// Of a call that returns 1.
    private func check(_ status: Int32) throws(DatabaseFault) {
        guard status == 1 else { throw .lost(message) }
    }

    private var message: String { pq.message(of: connection) }
}
