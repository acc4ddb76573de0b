// A block of events that were kept together, as a record holds them.

package struct EventBlock: Equatable, Sendable {
    /// SHA-256 of the record before.
    package let previous: [UInt8]
    /// At least one.
    package let events: [Event]

    package init(previous: [UInt8], events: [Event]) {
        (self.previous, self.events) = (previous, events)
    }
}
