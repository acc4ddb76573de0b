// Whether a client that does not keep up reads at all. One that reads slowly is not taken for one
// that reads nothing.

import NIOCore

struct WriteTimer {
    enum Finding {
        /// It has caught up since, or another check is due.
        case nothing
        case reads
        case readsNothing
    }

    /// What it has still to read, and when that is checked.
    private var stall: (bytes: Int, deadline: NIODeadline)?

    /// Returns when to check.
    mutating func start(_ bytes: Int, now: NIODeadline = .now()) -> NIODeadline {
        let deadline = now + ServerPolicy.writeTime
        stall = (bytes, deadline)
        return deadline
    }

    mutating func stop() { stall = nil }

    /// What has come of it, at the moment that `start` has said.
    func check(_ deadline: NIODeadline, _ bytes: Int) -> Finding {
        guard let stall, stall.deadline == deadline else { return .nothing }
        return bytes < stall.bytes ? .reads : .readsNothing
    }
}
