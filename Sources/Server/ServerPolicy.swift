// Every limit of sockets, queues and times, each with where it comes from. protocol.md prints those
// that a client can meet.

import Accounts
import Configuration
import NIOCore
import Store

package enum ServerPolicy {
    /// Ten thousand PHP or Python workers, each with a connection it keeps, and some room. An idle
    /// one holds about 10 kB. Each takes a descriptor; totpd starts only with as many.
    package static let appConnectionsMax = AppSettings.connectionsMaxRange.upperBound
    /// Admins at work, not programs.
    package static let adminConnectionsMax = 16
    /// Users who speak for no app and want to hear why: a person looking, not a flood.
    static let strangersMax = 16
    /// Deep enough to fill a batch from one connection, so that an import needs no second one.
    package static let pipelineMax = 1024
    /// Requests under way on all connections together, past which each has a smaller share, but
    /// never less than the second: clients that ask and do not read hold their answers here, some
    /// 100 bytes each, and so 16 MB at most.
    package static let pipelineTotal = 131_072
    package static let pipelineMin = 16

    /// Requests that may be under way on each of so many connections.
    package static func pipelineMax(connections: Int) -> Int {
        max(pipelineMin, min(pipelineMax, pipelineTotal / max(1, connections)))
    }

    /// Changes of one party that wait for the lane. From there on its connections keep their lines
    /// and are not read, until half are left: eight batches and four, so that the lane never runs
    /// dry.
    package static let changesWaitingMax = 8 * WriterLane.batchMax
    /// Of all parties, each has an equal part when they are many, but never less than the second:
    /// together they stay below half of what the lane takes.
    package static let changesWaitingTotal = WriterLane.waitingMax / 2
    package static let changesWaitingMin = 16

    /// Changes that may wait of each of so many parties.
    package static func changesWaitingMax(parties: Int) -> Int {
        max(changesWaitingMin, min(changesWaitingMax, changesWaitingTotal / max(1, parties)))
    }
    /// What is read of one connection at once, and so about half of what it can have us hold of
    /// lines that wait: as long as the longest line.
    package static let readBytesMax = 16_384
    /// Below 128 connections each is read so much at once; beside more each less, 2 MB in all, but
    /// never less than a pipeline of short requests.
    package static let readBytesTotal = 128 * readBytesMax
    package static let readBytesMin = 2048

    /// What is read at once of the last of so many connections.
    package static func readBytesMax(connections: Int) -> Int {
        max(readBytesMin, min(readBytesMax, readBytesTotal / max(1, connections)))
    }

    /// What clients that have closed their side may have left behind, beyond one read, together:
    /// the kernel holds about 200 KiB of each, and NIO reads all of it at once.
    package static let unaskedBytesMax = 64 << 20

    /// Lines of all connections that are taken before the sockets are looked at again: a batch, and
    /// about 1 ms, which a client that nobody has heard yet may have to wait.
    package static let linesPerPass = 256
    /// The same while several parties are served.
    package static let linesPerSharedPass = WriterLane.sharedBatchMax
    /// Lines of one connection that are taken before others have their turn, and the fewest: a
    /// write for each line would make everybody wait longer.
    package static let linesPerTurn = 128
    package static let linesPerTurnMin = 4

    /// Lines of each of so many connections that wait.
    package static func linesPerTurn(waiting: Int) -> Int {
        max(linesPerTurnMin, min(linesPerTurn, linesPerPass / max(1, waiting)))
    }
    /// A line is written by a program, in one go.
    package static let lineTime = TimeAmount.seconds(30)
    /// As long as a slow client may take to read anything at all.
    package static let writeTime = TimeAmount.seconds(30)
    /// Changes of one turn that the event loop decides itself when the lane sleeps. More are worth
    /// a second thread: while it decides and flushes, the loop reads what comes next.
    package static let changesDecidedHereMax = 8
    /// Changes of one turn for which a lane that sleeps is woken before the turn has ended: as much
    /// work as a wake-up costs, several times.
    package static let changesPerWake = 16
    /// Accounts that are opened in one look, and about as many events: half a millisecond on the
    /// lane. Those who wait for a decision wait that much longer, at most every other batch.
    package static let accountsPerLook = 64
    package static let eventsPerLook = 256
    /// The same of buckets of limits, each with 32 keys at most.
    package static let bucketsPerLook = 128
    /// How old a count of keys may be until somebody who asks has them counted anew, at least and
    /// at most. A person looks again, a monitoring system comes once a minute.
    package static let countRestMin = Duration.seconds(10)
    package static let countRestMax = Duration.minutes(10)
    /// Records that are looked through for one page, found or not: about 100 ms beside a busy lane.
    package static let accountsPerPage = 10_000
    package static let eventsPerPage = 20_000
    /// Events that are looked through for sources that are spent: a second beside a busy lane. Five
    /// hundred refusals a second fill ten minutes with more.
    package static let sourceEventsMax = 200_000
    /// How long no pass over all accounts begins for those that were given up, at least and at
    /// most: as long as an enrolment lasts, after which there may be others.
    package static let sweepRestMin = Duration.minutes(1)
    package static let sweepRestMax = Policy.pendingLifetime
    /// A clock that was wrong for less was wrong for nobody but who logged in just then.
    package static let clockLookTime = TimeAmount.seconds(30)
    /// Whoever puts an older store back takes an hour's events unnoticed at most.
    package static let chainLookTime = TimeAmount.hours(1)
    /// Events that a watcher may fall back by, beyond where it was at best: some minutes of a busy
    /// host. It costs nothing, but whoever is that late should know.
    package static let watchBehindMax: UInt64 = 100_000
    /// The lane answers a look within a batch and another look. Twenty slow flushes later something
    /// is stuck.
    package static let reportTime = TimeAmount.seconds(2)
    /// A look that waits longer than this has met a disk that somebody else keeps busy; a person
    /// who logs in waits as long.
    package static let laneWaitUsual: Int64 = 250_000
    /// Both segments of the log at their longest, a fold of one, and an hour of events at 1,000 a
    /// second: below this an admin should make room.
    package static let roomUsual = 1 << 30
    /// A host that serves anybody has more requests than one in this time.
    package static let refusalNewsSeconds: Int64 = 60
    /// Events that have less than this part of their room left are about to go before their time:
    /// of 400 days, 25 are left to look into it.
    package static let eventRoomShare = 16
    /// Requests under way at SIGTERM have this long; systemd's own limit is 90 s.
    package static let drainTime = TimeAmount.seconds(10)
    /// Connections that the kernel keeps until they are accepted (listen(2)): as many as it allows
    /// by default (net.core.somaxconn).
    package static let listenQueueMax: Int32 = 4096
    /// Connections that are accepted before other sockets have their turn: about 5 ms. One at a
    /// time would leave the queue to whoever connects fastest.
    static let acceptedPerLook: UInt = 64
    /// Slow hashes at once: each takes 4 MiB and a core for about 10 ms.
    package static let slowThreads = 2
    /// At about 100 hashes a second this is a wait that a person still bears.
    package static let slowWaitingMax = 256
    /// A backup-code set that changes under a request's hands this often is no accident.
    package static let preparationsMax = 4
}
