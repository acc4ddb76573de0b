// One request before it is bound to a store.

import Accounts
import Store

package struct Request: Sendable {
    package let name: AccountName
    package let op: String
    package let operation: any Operation
    package let now: Instant
    package var prepared = Prepared.nothing
    package var reason: String?
    package var replacesUnreadable = false
    package var source: LimitKey?
    package var sourceText: String?
    package var policy = AppPolicy.standard
    package var mayOmitEvent = false

    package static let peer = Peer(uid: 1000, pid: 4242)

    package init(
        name: AccountName, op: String, operation: any Operation, now: Instant,
        prepared: Prepared = .nothing
    ) {
        (self.name, self.op, self.operation) = (name, op, operation)
        (self.now, self.prepared) = (now, prepared)
    }

    package func change(in store: some AccountStore) -> Change {
        .account(accountChange(in: store))
    }

    package func accountChange(in store: some AccountStore) -> AccountChange {
        let label = EventLabel(op: op, peer: Self.peer, reason: reason, source: sourceText)
        if let rename = operation as? Rename {
            return AccountChange(
                renaming: name, store.id(of: name), by: rename, store.id(of: rename.name), now: now,
                under: policy, policy, label: label)
        }
        return AccountChange(
            name: name, id: store.id(of: name), operation: operation, now: now, under: policy,
            prepared: prepared, label: label,
            source: source.map { store.address(of: $0) }, replacesUnreadable: replacesUnreadable,
            mayOmitEvent: mayOmitEvent)
    }
}

extension Request {
    /// The same, in an app that may have so many accounts.
    package func among(_ max: Int) -> Request {
        var request = self
        request.policy = AppPolicy(accountsMax: max)
        return request
    }

    /// The same, with where its code comes from.
    package func from(_ source: String) -> Request {
        var request = self
        guard let sent = Source(source) else {
            preconditionFailure("a test's own source is none that begins as an address only")
        }
        request.source = LimitKey(app: name.app, source: sent, ipv6PrefixBits: 64)
        request.sourceText = source
        return request
    }
}
