// The connection of looks: connected when it is needed, and anew once it was lost. What is read
// depends on nothing that was read before.

import Accounts
import Secrets

/// Of one thread at a time.
final class DatabaseReader {
    private let conninfo: String
    private var connection: Connection?

    init(_ conninfo: String) { self.conninfo = conninfo }

    func look<Found>(
        by deadline: ContinuousClock.Instant,
        _ body: (Connection, ContinuousClock.Instant) throws(DatabaseFault) -> Found
    ) throws(DatabaseFault) -> Found {
        // One that the server has ended meanwhile says so when it is used.
        if let connection {
            do throws(DatabaseFault) {
                return try body(connection, deadline)
            } catch {
                self.connection = nil
                guard connection.isLost else { throw error }
            }
        }
        let connection = try Connection(toStore: conninfo, by: deadline)
        let found = try body(connection, deadline)
        self.connection = connection
        return found
    }

    func state(
        _ ring: KeyRing, by deadline: ContinuousClock.Instant
    ) throws(DatabaseRefusal) -> StoreState {
        let state: Result<StoreState, DatabaseRefusal>
        do throws(DatabaseFault) {
            state = try look(by: deadline) { connection, deadline in
                Result { () throws(DatabaseRefusal) in
                    try StoreState.read(connection, ring, by: deadline)
                }
            }
        } catch {
            throw .database(error)
        }
        return try state.get()
    }
}
