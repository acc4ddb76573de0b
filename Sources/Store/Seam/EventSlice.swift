// What one look for events brings back: some of them, those that cannot be read, and how far it
// went. Events are numbered without gaps, so one that is missing shows in the numbers of those
// beside it.

package struct EventSlice: Equatable, Sendable {
    package var events: [Event] = []
    /// Events whose record does not open or is not there, by the first of each row.
    package var unreadable: [UInt64] = []
    /// The last one that was looked at; nil when there are no more.
    package var end: UInt64?

    /// Blocks that are opened in one look, and events after which no further block is: so one is
    /// over in a millisecond.
    private static let blocksMax = 64
    private var blocks = 0
    private var last: UInt64?
    /// The event that must come next in the direction; nil while nobody knows which.
    private var next: UInt64?
    /// Those that are kept, if any.
    private let kept: ClosedRange<UInt64>?

    package init() { kept = nil }

    /// - Parameter kept: the events that are kept: what is missing of them is told of.
    package init(_ position: EventPosition, of kept: ClosedRange<UInt64>?) {
        self.kept = kept
        guard let kept else { return }
        switch position {
        case .after(let sequence): next = max(sequence, kept.lowerBound - 1) &+ 1
        case .before(let sequence): next = min(max(sequence, 1) - 1, kept.upperBound)
        }
    }

    /// Takes the next block in the direction, and returns whether another may follow.
    ///
    /// - Parameters:
    ///   - first: the first event that it should hold.
    ///   - block: nil when it does not open.
    package mutating func take(
        _ block: EventBlock?, first: UInt64, _ position: EventPosition, atMost count: Int
    ) -> Bool {
        blocks += 1
        noteGap(before: block, first: first, position)
        switch (position, block) {
        case (.after(let sequence), nil):
            if first > sequence { note(unreadable: first) }
        case (.before, nil): note(unreadable: first)
        case (.after(let sequence), .some(let block)):
            events += block.events.filter { $0.sequence > sequence }
            last = events.last?.sequence ?? last
        case (.before(let sequence), .some(let block)):
            events += block.events.reversed().filter { $0.sequence < sequence }
            last = first
        }
        guard events.count >= count || blocks >= Self.blocksMax else { return true }
        end = last
        // Blocks from before the position say nothing of how far this went.
        return end == nil
    }

    /// There is no block behind the last in the direction.
    package mutating func endOfAll(_ position: EventPosition) {
        guard let kept, let next, end == nil else { return }
        switch position {
        case .after: if next <= kept.upperBound { unreadable.append(next) }
        case .before: if next >= kept.lowerBound { unreadable.append(kept.lowerBound) }
        }
    }

    private mutating func noteGap(
        before block: EventBlock?, first: UInt64, _ position: EventPosition
    ) {
        guard kept != nil else { return }
        switch position {
        case .after:
            if let next, first > next { unreadable.append(next) }
            // How many one has that does not open, nobody knows.
            guard let newest = block?.last else {
                next = nil
                return
            }
            next = max(next ?? 0, newest &+ 1)
        case .before:
            if let next, let newest = block?.last, newest < next {
                unreadable.append(newest + 1)
            }
            next = max(first, 1) - 1
        }
    }

    private mutating func note(unreadable first: UInt64) {
        unreadable.append(first)
        last = first
    }
}
