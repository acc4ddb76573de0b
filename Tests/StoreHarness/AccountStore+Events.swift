// All events of a store, page by page: one look takes 64 blocks or fewer, and how many events a
// block holds depends on how busy the store was.

import Store

extension AccountStore {
    package func allEvents() throws -> [Event] {
        var events: [Event] = []
        var position = EventPosition.after(0)
        for _ in 0..<100_000 {
            let slice = try self.events(position, atMost: 1000)
            guard slice.unreadable.isEmpty else {
                throw StoreHarnessFault("events do not open: \(slice.unreadable)")
            }
            events += slice.events
            guard let end = slice.end else { return events }
            position = .after(end)
        }
        throw StoreHarnessFault("a listing of events without an end")
    }
}
