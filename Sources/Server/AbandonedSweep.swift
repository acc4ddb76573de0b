// Enrolments that nobody has confirmed count as accounts of their app. Once an app is full, a pass
// over all accounts removes those that are too old, so that others find room. It must never remove
// one by what a look has found: the lane decides, on the account as it is by then.
//
// A pass is made when somebody was refused, and never otherwise: it opens every account.

import Accounts
import Glibc
import Store
import Synchronization
import Wire

final class AbandonedSweep: Sendable {
    private enum State {
        case resting(until: Instant)
        case underWay(since: Instant)
    }

    private let state = Mutex(State.resting(until: .distantPast))

    /// Whether a pass shall begin now; it is under way then.
    func begin(at now: Instant) -> Bool {
        state.withLock { state in
            guard case .resting(let end) = state else { return false }
            // A rest that is longer than any is one of before the clock was set back.
            guard now >= end || end - now > ServerPolicy.sweepRestMax else { return false }
            state = .underWay(since: now)
            return true
        }
    }

    /// The next pass waits twenty times as long as this one took: looks take a twentieth of the
    /// lane at most, however many accounts there are.
    func end(at now: Instant) {
        state.withLock { state in
            guard case .underWay(let start) = state else { return }
            let rest = min((now - start) * 20, ServerPolicy.sweepRestMax)
            state = .resting(until: now + max(rest, ServerPolicy.sweepRestMin))
        }
    }
}

extension Dispatcher {
    /// Somebody found no room: makes some, where enrolments were given up.
    func sweepAbandoned() {
        let now = clock()
        if abandoned.begin(at: now) { sweep(AbandonedSearch(at: now)) }
    }

    private func sweep(_ search: AbandonedSearch) {
        let isTaken = queue.look { store in
            Result { () throws(StoreFault) in
                var search = search
                try search.look(into: store)
                return search
            }
        } _: { [self] (found: Result<AbandonedSearch, StoreFault>?) in
            // What cannot be read will be told to whoever asks for it.
            guard case .success(let search) = found else { return abandoned.end(at: clock()) }
            for name in search.found { remove(name) }
            if search.isAtEnd { abandoned.end(at: clock()) } else { sweep(search) }
        }
        if !isTaken { abandoned.end(at: clock()) }
    }

    /// Where there is no room for it in the queue, another pass will find it.
    private func remove(_ name: AccountName) {
        let peer = Peer(uid: geteuid(), pid: getpid())
        let change = Change(
            name: name, id: store.id(of: name), operation: Abandon(), now: clock(),
            under: .standard, label: EventLabel(op: OperationName.cancel.rawValue, peer: peer),
            mayOmitEvent: true)
        _ = queue.submit(change) { _ in }
    }
}

/// One look after the other, over all accounts.
struct AbandonedSearch: Sendable {
    private let now: Instant
    private var after: AccountID?
    /// Of the last look.
    private(set) var found: [AccountName] = []
    private(set) var isAtEnd = false

    init(at now: Instant) { self.now = now }

    mutating func look(into store: any AccountStore) throws(StoreFault) {
        let slice = try store.accounts(after: after, atMost: ServerPolicy.accountsPerLook)
        found = slice.entries.compactMap { entry in
            guard case .account(_, let account) = entry, account.isAbandoned(at: now) else {
                return nil
            }
            return account.name
        }
        after = slice.end
        isAtEnd = slice.end == nil
    }
}
