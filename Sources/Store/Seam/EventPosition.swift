// Where to look for events, and in which direction.

package enum EventPosition: Equatable, Sendable {
    /// Those after this one, oldest first.
    case after(UInt64)
    /// Those before this one, newest first.
    case before(UInt64)
}
