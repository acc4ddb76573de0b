// A request that was handed on, and where its answer goes. It must never answer another
// connection's request, nor off the event loop.

import NIOCore
import Wire

/// One reference, so that the closure which answers costs no memory of its own.
final class Asked: Sendable {
    private let connection: NIOLoopBound<Connection>
    private let place: Int
    private let id: JSONValue?
    private let isHolding: Bool

    init(by connection: NIOLoopBound<Connection>, place: Int, id: JSONValue?, isHolding: Bool) {
        self.connection = connection
        self.place = place
        self.id = id
        self.isHolding = isHolding
    }

    func answer(_ reply: Reply) { connection.value.finish(place, reply, id, isHolding) }
}
