// Waiting for a connection, and what it says of itself.

import CPostgres
import Glibc

extension libpq {
    /// Waits for what comes first of `events`.
    func wait(
        _ connection: OpaquePointer, for events: Int32, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> Int16 {
        var socket = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
        // It has none when it is over.
        guard socket.fd >= 0 else { throw .lost(message(of: connection)) }
        while true {
            let left = deadline.millisecondsLeft
            let count = poll(&socket, 1, left)
            if count > 0 { return socket.revents }
            if count == 0, left == 0 { throw .lost("no answer in time") }
            if count < 0, errno != EINTR { throw .lost("poll: error \(errno)") }
        }
    }

    /// libpq's, in one line. It names hosts and users, and no password.
    func message(of connection: OpaquePointer) -> String {
        String(cString: PQerrorMessage(connection)).split(separator: "\n").joined(separator: "; ")
    }
}
