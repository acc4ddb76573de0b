// What the caller's side knows of an event before it is decided.

package struct EventLabel: Equatable, Sendable {
    package let op: String
    package let peer: Peer
    /// Why an admin did it, in the admin's words.
    package let reason: String?
    /// Where a code came from, in the app's words; or the source that an admin clears; or where an
    /// admin moves an account: its app, a slash, and its user.
    package let source: String?

    package init(op: String, peer: Peer, reason: String? = nil, source: String? = nil) {
        self.op = op
        self.peer = peer
        self.reason = reason
        self.source = source
    }

    /// A code that was right tells nothing of a guesser, and where people log in from is theirs.
    var withoutSource: EventLabel {
        source == nil ? self : EventLabel(op: op, peer: peer, reason: reason)
    }
}
