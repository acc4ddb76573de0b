// Where a connection between a client and PostgreSQL is cut: at a message, or within one.

package struct Cut: Equatable, Sendable, CustomStringConvertible {
    package enum Sender: Sendable { case client, server }

    package enum Place: Equatable, Sendable {
        /// Neither it nor what is behind it arrives.
        case before
        /// So many bytes of it arrive.
        case within(Int)
        /// It arrives, and nothing behind it.
        case after
        /// The client is cut off once it has sent all of its statements, and the server is not: it
        /// and what is behind it arrive when the proxy is told to release them.
        case held
    }

    package let sender: Sender
    /// Of the sender, since the proxy was told, from 0.
    package let message: Int
    package let place: Place

    package init(_ place: Place, _ sender: Sender, _ message: Int) {
        (self.place, self.sender, self.message) = (place, sender, message)
    }

    package var description: String { "\(place) message \(message) of the \(sender)" }
}
