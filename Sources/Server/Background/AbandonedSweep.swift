// Removes enrolments that ran out, so that others find room once an app is full: they count as
// accounts of their app. A pass over all accounts finds them, and the lane decides about each on
// the account as it is by then. Accounts of other apps are not touched.
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

    /// Each app has its own: what one has done must not keep another from its pass.
    private let states = Mutex<[AppName: State]>([:])

    /// Whether a pass for the app shall begin now; it is under way then.
    func begin(for app: AppName, at now: Instant) -> Bool {
        states.withLock { states in
            guard case .resting(let end) = states[app] ?? .resting(until: .distantPast) else {
                return false
            }
            // A rest that is longer than any is one of before the clock was set back.
            guard now >= end || end - now > ServerPolicy.sweepRestMax else { return false }
            states[app] = .underWay(since: now)
            return true
        }
    }

    /// The app's next pass waits twenty times as long as this one took: its looks take a twentieth
    /// of the lane at most, however many accounts there are.
    func end(for app: AppName, at now: Instant) {
        states.withLock { states in
            guard case .underWay(let start) = states[app] else { return }
            let rest = min((now - start) * 20, ServerPolicy.sweepRestMax)
            states[app] = .resting(until: now + max(rest, ServerPolicy.sweepRestMin))
        }
    }
}

extension Dispatcher {
    /// Somebody found no room in an app: makes some, where enrolments were given up.
    func sweepAbandoned(of app: AppName) {
        // By a clock that is not trusted nobody's time is over.
        guard store.clockWatch.isTrusted else { return }
        let now = clock()
        if abandoned.begin(for: app, at: now) { sweep(AbandonedSearch(of: app, at: now)) }
    }

    private func sweep(_ search: AbandonedSearch) {
        let app = search.app
        let isTaken = queue.advance(search) { [self] found in
            // What cannot be read will be told to whoever asks for it.
            guard case .success(let search) = found else {
                return abandoned.end(for: app, at: clock())
            }
            for name in search.found { remove(name) }
            if search.isAtEnd { abandoned.end(for: app, at: clock()) } else { sweep(search) }
        }
        if !isTaken { abandoned.end(for: app, at: clock()) }
    }

    /// Where there is no room for it in the queue, another pass will find it.
    private func remove(_ name: AccountName) {
        let peer = Peer(uid: geteuid(), pid: getpid())
        let change = AccountChange(
            name: name, id: store.id(of: name), operation: Abandon(), now: clock(),
            under: configuration.policy(of: name.app),
            label: EventLabel(op: OperationName.cancel.rawValue, peer: peer),
            mayOmitEvent: true)
        _ = queue.submit(.account(change) { _ in }, of: .house)
    }
}
