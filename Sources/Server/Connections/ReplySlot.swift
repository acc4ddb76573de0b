// Where the reply of a request goes: a place among the replies of its connection. It is filled on the
// event loop.

import Accounts
import NIOCore
import Wire

/// One reference, so that the closure which answers costs no memory of its own.
final class ReplySlot: Sendable {
    private let connection: NIOLoopBound<Connection>
    let place: Int
    let id: JSONValue?
    let op: OperationName
    let isHolding: Bool
    /// For which the client speaks; nil for an admin.
    let app: AppName?

    init(
        of connection: NIOLoopBound<Connection>, place: Int, id: JSONValue?, op: OperationName,
        isHolding: Bool, app: AppName?
    ) {
        self.app = app
        self.op = op
        self.connection = connection
        self.place = place
        self.id = id
        self.isHolding = isHolding
    }

    func fill(_ reply: Reply) { connection.value.fill(self, reply) }
}
