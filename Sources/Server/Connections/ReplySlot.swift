// Where the reply of a request goes: a place among the replies of its connection. It is filled on
// the event loop.

import Accounts
import JSON
import NIOCore
import Wire

/// One reference, so that the closure which answers costs no memory of its own.
final class ReplySlot: Sendable {
    let connection: NIOLoopBound<Connection>
    let place: Int
    let id: JSONValue?
    let op: OperationName
    /// Later requests of the connection wait for it.
    let isHolding: Bool
    /// For which the client speaks; nil for an admin.
    let app: AppName?

    init(
        of connection: NIOLoopBound<Connection>, place: Int, for request: Request,
        from caller: Caller
    ) {
        self.connection = connection
        self.place = place
        id = request.id
        op = request.operation
        isHolding = request.mayBeSlow
        app = caller == .admin ? nil : request.app ?? caller.only
    }
}
