// Gathers the connections that have something to write, so that one turn of the loop writes for all
// of them. It must never forget one.

import NIOCore

/// Connections that have something to write once the loop is done with what it is doing, so that
/// replies which became ready together leave together. Used on the event loop only.
final class FlushList {
    private let loop: any EventLoop
    private var connections: [Connection] = []

    init(loop: any EventLoop) { self.loop = loop }

    func add(_ connection: Connection) {
        connections.append(connection)
        guard connections.count == 1 else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.execute { bound.value.flushAll() }
    }

    /// Has a connection flushed in the loop's next turn, after other connections were heard.
    func addForNextTurn(_ connection: Connection) {
        let bound = NIOLoopBound((self, connection), eventLoop: loop)
        // A moment ahead, because what is due at once would still belong to this turn.
        loop.scheduleTask(in: .nanoseconds(1)) {
            let (list, connection) = bound.value
            list.add(connection)
        }
    }

    private func flushAll() {
        let round = connections
        connections.removeAll(keepingCapacity: true)
        for connection in round { connection.flush() }
    }
}
