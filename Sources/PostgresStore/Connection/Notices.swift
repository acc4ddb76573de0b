// What a server says beside its answers: libpq hands it to a function.

import CPostgres

/// Of the connection's thread.
final class Notices {
    var states: [SQLState] = []

    /// For libpq, with one of these as its argument.
    static func receive(_ argument: UnsafeMutableRawPointer?, _ result: OpaquePointer?) {
        guard let argument else { return }
        let notices = Unmanaged<Notices>.fromOpaque(argument).takeUnretainedValue()
        notices.states.append(state(of: result))
    }

    private static func state(of result: OpaquePointer?) -> SQLState {
        guard let result, case .success(let pq) = Library.found,
            let state = pq.PQresultErrorField(result, Int32(libpq_sqlstate))
        else { return SQLState("") }
        return SQLState(String(cString: state))
    }
}
