// The engine in a PostgreSQL database, which several hosts may share. A batch is one transaction,
// and `apply` returns once the database has said that it was kept.
//
// It is in no program yet. What is missing before one may use it: removal of what is old, changes
// of keys, and copies.

import Accounts
import Glibc
import Secrets
import Store
import Synchronization

package final class PostgresStore: AccountStore, @unchecked Sendable {
    // Unchecked, because `lane` and `isAway` are used on the writer lane alone, and `reader` by
    // looks, which have one thread of their own.
    private let lane: DatabaseLane
    private let reader: DatabaseReader
    /// What the lane has to say to looks.
    private struct Told {
        /// Why nothing is decided any more.
        var ended: StoreFault?
        var budgets = EventBudgets()
    }

    private let told = Mutex(Told())
    /// Whether the batch before found no database: this one waits for none.
    private var isAway = false
    private let newest = Atomic<UInt64>(0)

    let conninfo: String
    let keys: StoreState
    /// Which would wrap new keys.
    let masterWanted: KeyID
    let seal: RowSeal
    let durability: Durability
    let clock: ComparedClock
    package let clockWatch: ClockWatch

    /// How long a batch waits for the database, in all its tries.
    private static let wait = Swift.Duration.seconds(4)
    /// Tries of one batch: whoever is overtaken so often waits for a busier account than any is.
    private static let triesMax = 50

    /// How long opening waits.
    static let openingWait = Swift.Duration.seconds(10)

    /// Makes an empty store in a database.
    package static func make(_ conninfo: String, _ ring: KeyRing) throws(DatabaseRefusal) {
        let deadline = ContinuousClock.now + openingWait
        let connection: Connection
        do throws(DatabaseFault) {
            connection = try Connection(toStore: conninfo, by: deadline)
        } catch {
            throw .database(error)
        }
        try StoreState.make(connection, ring, by: deadline)
    }

    /// Opens the store in a database.
    ///
    /// - Parameters:
    ///   - conninfo: as libpq takes it.
    ///   - now: when the days of its clock begin.
    package init(
        _ conninfo: String, _ host: DatabaseHost, _ ring: KeyRing, _ durability: Durability,
        at now: Instant
    ) throws(DatabaseRefusal) {
        let deadline = ContinuousClock.now + Self.openingWait
        (self.conninfo, self.durability) = (conninfo, durability)
        clock = ComparedClock(host.clock)
        masterWanted = ring.current.id
        reader = DatabaseReader(conninfo)
        keys = try reader.state(ring, by: deadline)
        seal = RowSeal(keys: keys.keys)
        lane = try DatabaseLane(conninfo, host, durability, seal, clock, by: deadline)
        clockWatch = ClockWatch(LivedClock.Moments(lived: now, expected: now))
    }

    /// A look costs a round trip, and a change two and a COMMIT.
    package var isNear: Bool { false }

    package func id(of name: AccountName) -> RecordID {
        RecordID(name, indexKey: seal.keys.preparedIndex)
    }

    package func address(of key: LimitKey) -> LimitAddress {
        LimitAddress(key, indexKey: seal.keys.preparedIndex)
    }

    package func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8] {
        canonical.withUnsafeBytes { seal.keys.hashBackupCode($0, salt: salt) }
    }

    package func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        if let ended = told.withLock({ $0.ended }) { throw ended }
        guard !changes.isEmpty else { return [] }
        // Whoever gets no answer now gets none later.
        defer { lane.forgetWhoWaits() }
        let deadline = ContinuousClock.now + Self.wait
        var cause = ""
        for number in 0..<Self.triesMax where number == 0 || deadline > .now {
            do throws(LaneFault) {
                let results = try lane.keep(changes, isFirst: number == 0, by: deadline)
                isAway = false
                told.withLock { $0.budgets = lane.budgets }
                return results
            } catch {
                switch error {
                case .overtaken(let why), .lost(let why): cause = why
                case .away(let reason, let why):
                    let fault = StoreFault.away(reason, why)
                    if reason == .wentBack || reason == .laneTaken {
                        told.withLock { $0.ended = fault }
                    }
                    throw fault
                case .unremembered(let why): throw .full(why)
                case .unreachable(let why):
                    cause = why
                    if isAway { throw .away(.databaseAway, why) }
                    rest(number)
                }
            }
        }
        isAway = true
        throw .away(.databaseAway, cause)
    }

    /// Between two tries to connect: 50 to 400 ms.
    private func rest(_ number: Int) { poll(nil, 0, Int32(50 << min(number, 3))) }

    package func whenDue(_ body: @escaping @Sendable () -> Void) {
        // Nothing is done on the lane for the store itself.
    }

    package var lastEvent: UInt64 { newest.load(ordering: .relaxed) }

    /// What time it is for all hosts; nil before the database was asked.
    package var now: Instant? { clock.now }

    /// Why nothing is decided, for looks.
    ///
    /// - Parameter hasStandby: whether another server would have what is committed now.
    func away(hasStandby: Bool) -> StoreFault.AwayReason? {
        if case .away(let reason, _) = told.withLock({ $0.ended }) { return reason }
        if clock.skew != nil { return .clockSkew }
        return hasStandby || durability == .oneServer ? nil : .notReplicated
    }

    /// What is left of the apps' budgets of events, for looks.
    var budgets: EventBudgets { told.withLock { $0.budgets } }

    /// For looks: each reads what is committed by then.
    func look<Found>(
        _ body: (Connection, ContinuousClock.Instant) throws(DatabaseFault) -> Found
    ) throws(StoreFault) -> Found {
        do throws(DatabaseFault) {
            return try reader.look(by: .now + Self.wait, body)
        } catch {
            throw .away(.databaseAway, error.description)
        }
    }

    /// The last event of all lanes.
    func note(newest sequence: UInt64) { newest.store(sequence, ordering: .relaxed) }

    /// An anchor is a problem of its own: each lane has a chain, and no end that all of them share.
    package func check(
        _ job: Job, through anchor: ChainAnchor?
    ) throws(StoreFault) -> CheckReport {
        do throws(DatabaseFault) {
            var check = DatabaseCheck(try DatabaseView(conninfo), seal, job)
            var report = try check.run()
            if anchor != nil { report.add(problem: "an anchor is of one chain; here are several") }
            return report
        } catch {
            throw .away(.databaseAway, error.description)
        }
    }
}
