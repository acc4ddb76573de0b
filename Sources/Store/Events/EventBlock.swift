// A block of events that were kept together, as a record holds them; or the gap in their place.

import Secrets

package struct EventBlock: Equatable, Sendable {
    /// SHA-256 of the record before.
    package let previous: [UInt8]
    /// At least one: of a gap, the one that tells of it.
    package let events: [Event]
    /// Nil for what is whole.
    package let gap: EventGap?

    package init(previous: [UInt8], events: [Event]) {
        (self.previous, self.events, gap) = (previous, events, nil)
    }

    init(_ gap: EventGap) {
        (previous, events, self.gap) = (gap.previous, [gap.event], gap)
    }

    package var first: UInt64 { events[0].sequence }
    /// The last that it has, or has lost.
    package var last: UInt64 { gap?.lost.upperBound ?? events[events.count - 1].sequence }

    /// Whether it is what comes behind a record. What a gap does not know, it takes as it is.
    package func continues(_ before: EventHead) -> Bool {
        previous == before.hash || gap != nil && previous == EventHead.empty.hash
    }

    /// Where the chain ends with it.
    ///
    /// - Parameter bytes: of its record.
    package func head(of bytes: UnsafeRawBufferPointer) -> EventHead {
        gap?.head ?? EventHead(sequence: last, hash: SHA256.hash(bytes))
    }
}
