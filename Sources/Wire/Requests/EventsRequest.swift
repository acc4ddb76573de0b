// Which page of the events an admin asks for.

package struct EventsRequest: Sendable {
    package let filter: EventFilter
    package let isNewestFirst: Bool
    /// Where to go on: behind this event, or with the newest first before it.
    package let cursor: UInt64?
    package let count: Int
}
