// What one look for events brings back: some of them, those that do not open, and how far it went.

package struct EventSlice: Equatable, Sendable {
    package var events: [Event] = []
    /// Events whose record does not open, by the first that it holds.
    package var unreadable: [UInt64] = []
    /// The last one that was looked at; nil when there are no more.
    package var end: UInt64?

    package init() {}

    /// Blocks that are opened in one look, and events after which no further block is: so one is
    /// over in a millisecond.
    private static let blocksMax = 64
    private var blocks = 0
    private var last: UInt64?

    /// Takes the next block in the direction, and returns whether another may follow.
    ///
    /// - Parameters:
    ///   - first: the first event that it should hold.
    ///   - block: nil when it does not open.
    package mutating func take(
        _ block: EventBlock?, first: UInt64, _ position: EventPosition, atMost count: Int
    ) -> Bool {
        blocks += 1
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

    private mutating func note(unreadable first: UInt64) {
        unreadable.append(first)
        last = first
    }
}
