// The host's clock was set: an event with an alert, a line in the journal, a reason in `health`. It
// looks at the clock by itself, whether or not anybody sends requests.

import Accounts
import Glibc
import Store
import Wire

extension Dispatcher {
    /// - Parameter uptime: see `ClockWatch.observe`.
    package func observeClock(uptime: Duration) {
        store.clockWatch.observe(clock(), uptime: uptime)
        for jump in store.clockWatch.takeJumps() { tell(jump) }
    }

    private func tell(_ jump: ClockJump) {
        let peer = Peer(uid: geteuid(), pid: getpid())
        let reason = "by \(jump.by.milliseconds / 1000) s"
        warn("the clock has jumped \(reason)")
        let label = EventLabel(op: OperationName.health.rawValue, peer: peer, reason: reason)
        let event = EventChange(of: nil, now: clock(), label: label, alert: .clockJumped)
        // Where it cannot be kept, the journal and `health` know it all the same.
        _ = queue.submit(.event(event) { _ in }, of: .house)
        note(
            AdminNotice(
                op: .health, about: .totpd, peer: peer, reason: reason, alert: .clockJumped))
    }
}
