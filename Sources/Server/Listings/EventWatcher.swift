// One connection that watches events. It reads them from the store when it has room for them. So a
// slow one holds up nobody, and holds no more than one look in memory.

import Accounts
import NIOCore
import Store
import Wire

/// Used on the event loop only.
final class EventWatcher {
    private let filter: EventFilter
    private let watchers: EventWatchers
    private unowned let connection: Connection
    /// The last event that was looked at.
    private(set) var cursor: UInt64
    private var isLooking = false
    private var isOver = false
    /// How few events it was behind at best.
    private var leastBehind = UInt64.max

    init(
        _ filter: EventFilter, after cursor: UInt64, _ watchers: EventWatchers,
        _ connection: Connection
    ) {
        self.filter = filter
        self.cursor = cursor
        self.watchers = watchers
        self.connection = connection
    }

    /// There may be new events, or room for them.
    func advance() {
        let queue = watchers.queue
        guard !isOver, queue.lastEvent > cursor else { return }
        let behind = queue.lastEvent - cursor
        leastBehind = min(leastBehind, behind)
        guard connection.mayTakeEvents else {
            // Catching up is no crime; falling back is.
            if behind - leastBehind > watchers.behindMax { end(.tooSlow) }
            return
        }
        guard !isLooking else { return }
        isLooking = true
        let bound = NIOLoopBound(self, eventLoop: queue.loop)
        let (filter, cursor) = (filter, cursor)
        let isTaken = queue.look { store in
            Result { () throws(StoreFault) in try Found(behind: cursor, filter, in: store) }
        } _: { found in
            bound.value.send(found)
        }
        if !isTaken { end(.unavailable) }
    }

    private func send(_ found: Result<Found, StoreFault>?) {
        isLooking = false
        guard !isOver else { return }
        guard case .success(let found) = found else { return end(.unavailable) }
        cursor = found.reached
        if !found.lines.isEmpty { connection.write(found.lines) }
        advance()
    }

    /// Nobody is there to be told anything.
    func stop() {
        isOver = true
        watchers.remove(self)
    }

    /// Says where to go on, and has the connection closed.
    func end(_ name: ErrorName) {
        guard !isOver else { return }
        isOver = true
        watchers.remove(self)
        connection.end(with: .ended(name, cursor: cursor))
    }

    /// What one look finds, on the lane.
    private struct Found: Sendable {
        var lines: [WatchLine] = []
        var reached: UInt64

        init(
            behind cursor: UInt64, _ filter: EventFilter, in store: any AccountStore
        ) throws(StoreFault) {
            let slice = try store.events(.after(cursor), atMost: ServerPolicy.eventsPerLook)
            // The lane may have gone on beyond the last event that is on the disk.
            let seen = max(slice.events.last?.sequence ?? 0, slice.unreadable.last ?? 0)
            reached = slice.end ?? max(cursor, store.lastEvent, seen)
            var unreadable = slice.unreadable[...]
            for event in slice.events {
                while let first = unreadable.first, first < event.sequence {
                    lines.append(.unreadable(first))
                    unreadable.removeFirst()
                }
                if filter.matches(event) { lines.append(.event(EventRow(event))) }
            }
            lines += unreadable.map { .unreadable($0) }
        }
    }
}
