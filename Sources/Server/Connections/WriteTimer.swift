// Whether a client that does not keep up reads at all. One that reads slowly is not taken for one
// that reads nothing.

import NIOCore

struct WriteTimer {
    enum Finding {
        /// It has caught up since, or another look is due.
        case nothing
        case reads
        case readsNothing
    }

    /// What it has still to read, and when that is looked at again.
    private var stall: (bytes: Int, deadline: NIODeadline)?

    /// Returns when to look.
    mutating func start(_ bytes: Int, now: NIODeadline = .now()) -> NIODeadline {
        let deadline = now + ServerPolicy.writeTime
        stall = (bytes, deadline)
        return deadline
    }

    mutating func stop() { stall = nil }

    /// The look that `start` asked for.
    func look(_ deadline: NIODeadline, _ bytes: Int) -> Finding {
        guard let stall, stall.deadline == deadline else { return .nothing }
        return bytes < stall.bytes ? .reads : .readsNothing
    }
}
