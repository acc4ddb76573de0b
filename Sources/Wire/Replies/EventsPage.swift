// A page of events, as an admin reads it.

package struct EventsPage: Sendable {
    package let rows: [EventRow]
    /// The event to go on from; nil at the end.
    package let cursor: UInt64?
    /// The newest event when the page was asked for.
    package let last: UInt64
    /// Events that do not open, by the first of those that were kept together.
    package let unreadable: [UInt64]

    package init(rows: [EventRow], cursor: UInt64?, last: UInt64, unreadable: [UInt64]) {
        self.rows = rows
        self.cursor = cursor
        self.last = last
        self.unreadable = unreadable
    }
}
