// The engine in a PostgreSQL database, which several hosts may share. A batch is one transaction,
// and `apply` returns once the database has said that it was kept.
//
// It is in no program yet. What is missing before one may use it: limits and steps by the
// database's clock, a host's own memory of what was acknowledged, removal of what is old, changes
// of keys, and copies.

import Accounts
import Glibc
import Secrets
import Store
import Synchronization

package final class PostgresStore: AccountStore, @unchecked Sendable {
    // Unchecked, because `lane`, `foreign` and `isAway` are used on the writer lane alone, and
    // `reader` by looks, which are on it as well.
    private let lane: DatabaseLane
    private let reader: DatabaseReader
    /// Why nothing is decided any more.
    private var foreign: String?
    /// Whether the batch before found no database: this one waits for none.
    private var isAway = false
    private let newest = Atomic<UInt64>(0)

    let conninfo: String
    let keys: StoreState
    let seal: RowSeal
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
    ///   - host: by which this host's lane is known: no other host may have the name.
    ///   - now: when the days of its clock begin.
    package init(
        _ conninfo: String, host: String, _ ring: KeyRing, _ durability: Durability,
        at now: Instant
    ) throws(DatabaseRefusal) {
        let deadline = ContinuousClock.now + Self.openingWait
        self.conninfo = conninfo
        reader = DatabaseReader(conninfo)
        keys = try reader.state(ring, by: deadline)
        seal = RowSeal(keys: keys.keys)
        lane = try DatabaseLane(
            conninfo, host: host, place: 0, durability, seal, by: deadline)
        clockWatch = ClockWatch(LivedClock.Moments(lived: now, expected: now))
    }

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
        if let foreign { throw .away(foreign) }
        guard !changes.isEmpty else { return [] }
        // Whoever gets no answer now gets none later.
        defer { lane.forgetWhoWaits() }
        let deadline = ContinuousClock.now + Self.wait
        var cause = ""
        for number in 0..<Self.triesMax where number == 0 || deadline > .now {
            do throws(LaneFault) {
                let results = try lane.keep(changes, isFirst: number == 0, by: deadline)
                isAway = false
                return results
            } catch {
                switch error {
                case .overtaken(let why), .lost(let why): cause = why
                case .notReplicated:
                    throw .away(
                        "a COMMIT is not replicated, or not flushed, as the database is set")
                case .foreign(let why):
                    foreign = why
                    throw .away(why)
                case .unreachable(let why):
                    cause = why
                    if isAway { throw .away(why) }
                    rest(number)
                }
            }
        }
        isAway = true
        throw .away(cause)
    }

    /// Between two tries to connect: 50 to 400 ms.
    private func rest(_ number: Int) { poll(nil, 0, Int32(50 << min(number, 3))) }

    package func whenDue(_ body: @escaping @Sendable () -> Void) {
        // Nothing is done on the lane for the store itself.
    }

    package var lastEvent: UInt64 { newest.load(ordering: .relaxed) }

    /// What is left of the apps' budgets of events, for looks.
    var budgets: EventBudgets { lane.budgets }

    /// For looks: each reads what is committed by then.
    func look<Found>(
        _ body: (Connection, ContinuousClock.Instant) throws(DatabaseFault) -> Found
    ) throws(StoreFault) -> Found {
        do throws(DatabaseFault) {
            return try reader.look(by: .now + Self.wait, body)
        } catch {
            throw .away(error.description)
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
            throw .away(error.description)
        }
    }
}
