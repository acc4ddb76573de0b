// The connections that want events as they are kept. Used on the event loop only.

import Wire

final class EventWatchers {
    let queue: StoreQueue
    /// Events by which a connection may fall behind.
    let behindMax: UInt64
    private var all: [ObjectIdentifier: EventWatcher] = [:]

    init(_ queue: StoreQueue, behindMax: UInt64) {
        (self.queue, self.behindMax) = (queue, behindMax)
    }

    var count: Int { all.count }

    /// - Parameter cursor: the last event that the connection has had.
    func watch(
        _ filter: EventFilter, after cursor: UInt64, for connection: Connection
    ) -> EventWatcher {
        let watcher = EventWatcher(filter, after: cursor, self, connection)
        all[ObjectIdentifier(watcher)] = watcher
        return watcher
    }

    func remove(_ watcher: EventWatcher) { all[ObjectIdentifier(watcher)] = nil }

    /// There may be new events.
    func advance() {
        for watcher in all.values { watcher.advance() }
    }
}
