// Whose lines are taken next, and how many: parties take turns, and no line is taken of one of
// which the lane has enough. How many wait for one app makes no other wait longer.

import NIOCore
import Store

/// Used on the event loop only.
final class LineScheduler: @unchecked Sendable {
    // Unchecked, because it and the connections in it live on the queue's loop alone.
    private let queue: StoreQueue
    /// Told when there is something to take at the end of the pass.
    private let changed: @Sendable () -> Void
    private var waiting = FairQueue<Party, Connection>()
    private var pass = LinePass()
    private var crowding = Crowding<Party>()
    private(set) lazy var nextPoll = NextPoll { [unowned self] in renew() }

    init(_ queue: StoreQueue, changed: @escaping @Sendable () -> Void) {
        (self.queue, self.changed) = (queue, changed)
    }

    /// How many lines of a party's connection may be taken at once; nil when it has to wait for its
    /// turn.
    func shareNow(of party: Party) -> Int? {
        guard waiting.isEmpty, linesLeft > 0, !updateCrowding(of: party) else { return nil }
        return linesLeft
    }

    /// Lines that may be taken before the sockets are looked at again.
    var linesLeft: Int { pass.left }

    /// So many lines of a party were taken.
    func charge(_ lines: Int, of party: Party) {
        if pass.take(lines, of: party) { nextPoll.ring() }
    }

    /// All that the sockets have brought was taken up.
    func endPass() { pass.end() }

    /// A socket brings something.
    func bring() { pass.bring() }

    /// Has lines of a connection taken when its turn comes.
    func queue(_ connection: Connection) {
        waiting.append(connection, of: connection.caller.party)
        changed()
    }

    var mayTakeQueued: Bool { linesLeft > 0 && waiting.hasNext { !updateCrowding(of: $0) } }

    /// Takes lines of everybody who waits now, as far as the pass and the lane allow.
    func takeQueued() {
        let share = ServerPolicy.linesPerTurn(waiting: waiting.count)
        for _ in 0..<waiting.count {
            guard linesLeft > 0,
                let connection = waiting.next(where: { !updateCrowding(of: $0) })
            else { return }
            let party = connection.caller.party
            charge(connection.takeQueuedLines(atMost: min(share, linesLeft)), of: party)
        }
    }

    /// The sockets were looked at again.
    private func renew() {
        pass.begin()
        changed()
    }

    /// Looks how much of a party waits for the lane. Returns whether it is so much that the party's
    /// connections should keep their lines.
    func updateCrowding(of party: Party) -> Bool {
        let (changes, parties) = queue.waiting(of: party)
        return crowding.update(party, waiting: changes, parties: parties)
    }
}
