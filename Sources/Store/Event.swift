// The audit trail: one event for every change and every refusal, each with the hash of the one
// before. It must never hold a code, not even a wrong one, nor a secret.

import Accounts
import Secrets

/// What the caller's side knows of an event before it is decided.
package struct EventLabel: Equatable, Sendable {
    package let op: String
    package let peer: Peer
    /// Why an admin did it, in the admin's words.
    package let reason: String?

    package init(op: String, peer: Peer, reason: String? = nil) {
        self.op = op
        self.peer = peer
        self.reason = reason
    }
}

/// The process at the other end of the socket (SO_PEERCRED, unix(7)).
package struct Peer: Equatable, Sendable {
    package let uid: UInt32
    package let pid: Int32

    package init(uid: UInt32, pid: Int32) {
        self.uid = uid
        self.pid = pid
    }
}

package struct Event: Equatable, Sendable {
    /// From 1, without gaps.
    package let sequence: UInt64
    /// SHA-256 of the previous event's bytes; zeros before the first.
    package let previous: [UInt8]
    package let at: Instant
    package let app: String
    package let user: String
    package let label: EventLabel
    /// `ok`, or the name of the refusal.
    package let result: String
    package let method: CodeMethod?
    package let alert: Alert?
}

/// Where the chain of events ends, and so where the next one goes.
package struct EventHead: Equatable, Sendable {
    package var sequence: UInt64
    package var hash: [UInt8]

    package init(sequence: UInt64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }

    package static let empty = EventHead(sequence: 0, hash: [UInt8](repeating: 0, count: 32))

    /// The event of a decided change, or nil when it is none.
    package func next(for change: Change, _ outcome: Outcome) -> Event? {
        guard outcome.isEvent else { return nil }
        switch outcome.answer {
        case .needs: return nil
        case .refused(let refusal):
            return next(for: change, refusal.name.rawValue, alert: outcome.alert)
        case .accepted(.verified(let method, _)):
            return next(for: change, "ok", method: method, alert: outcome.alert)
        case .accepted:
            return next(for: change, "ok", alert: outcome.alert)
        }
    }

    package func nextUnreadable(for change: Change) -> Event {
        next(for: change, ErrorName.unavailable.rawValue)
    }

    private func next(
        for change: Change, _ result: String, method: CodeMethod? = nil, alert: Alert? = nil
    ) -> Event {
        Event(
            sequence: sequence + 1, previous: hash, at: change.now,
            app: change.name.app.description, user: change.name.user, label: change.label,
            result: result, method: method, alert: alert)
    }

    /// Moves past an event, given its bytes.
    package mutating func advance(past bytes: UnsafeRawBufferPointer) {
        sequence &+= 1
        hash = SHA256.hash(bytes)
    }
}
