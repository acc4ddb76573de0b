// Whose lines are taken next, and how many: apps take turns, and no line is taken for which the
// lane has no room. How many wait for one app makes no other wait longer.

import NIOCore
import Wire

/// Used on the event loop only.
final class LineScheduler: @unchecked Sendable {
    // Unchecked, because it and the connections in it live on the queue's loop alone.
    private let queue: StoreQueue
    /// Told when there is something to take at the end of the pass.
    private let changed: @Sendable () -> Void
    /// The admins are a party like any app.
    private var waiting = FairQueue<Caller, Connection>()
    /// Lines that may be taken before the sockets are looked at again.
    private(set) var linesLeft = ServerPolicy.linesPerPass
    /// Too much waits for the lane; lines stay where they are until it has room.
    private(set) var isCrowded = false
    private(set) lazy var nextPoll = NextPoll { [unowned self] in renew() }

    init(_ queue: StoreQueue, changed: @escaping @Sendable () -> Void) {
        (self.queue, self.changed) = (queue, changed)
    }

    /// How many lines may be taken at once; nil for a connection that has to wait for its turn.
    var shareNow: Int? {
        guard waiting.isEmpty, linesLeft > 0, !updateBackPressure() else { return nil }
        return linesLeft
    }

    /// So many lines were taken.
    func charge(_ lines: Int) {
        linesLeft -= lines
        if linesLeft == 0 { nextPoll.ring() }
    }

    /// Has lines of a connection taken when its turn comes.
    func queue(_ connection: Connection) {
        waiting.append(connection, of: connection.caller)
        changed()
    }

    var mayTakeQueued: Bool { !waiting.isEmpty && linesLeft > 0 && !updateBackPressure() }

    /// Takes lines of everybody who waits now, as far as the pass allows.
    func takeQueued() {
        let share = ServerPolicy.linesPerTurn(waiting: waiting.count)
        for _ in 0..<waiting.count {
            guard linesLeft > 0, !updateBackPressure(), let connection = waiting.next() else {
                return
            }
            charge(connection.takeQueuedLines(atMost: min(share, linesLeft)))
        }
    }

    /// The sockets were looked at again.
    private func renew() {
        linesLeft = ServerPolicy.linesPerPass
        changed()
    }

    /// Returns whether so much waits for the lane that connections should keep their lines.
    private func updateBackPressure() -> Bool {
        let number = queue.waiting
        if number >= ServerPolicy.changesWaitingMax {
            isCrowded = true
        } else if number <= ServerPolicy.changesWaitingResume {
            isCrowded = false
        }
        return isCrowded
    }
}
