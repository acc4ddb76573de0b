// Every reason of `health` ends when its cause does: a table with a row for each, so that a reason
// without an end cannot be added. One that stands for ever teaches people not to look.

import Testing
import Wire

@testable import Accounts
@testable import Server
@testable import Store

@Suite("A reason of health")
struct HealthEndTests {
    private static let now = Instant(seconds: 1_767_225_600)

    /// What totpd says while the cause lasts, and once it has ended.
    private static func looks(_ reason: Health.Reason) -> (during: Health, after: Health) {
        switch reason {
        case .laneStuck: return (health(.late), health())
        case .databaseAway: return (health(.failed(.away(.databaseAway, "gone"))), health())
        case .storeWentBack: return (with { $0.away = .wentBack }, health())
        case .laneTaken: return (with { $0.away = .laneTaken }, health())
        case .notReplicated: return (with { $0.away = .notReplicated }, health())
        case .clockSkew: return (with { $0.away = .clockSkew }, health())
        case .storeUnreadable: return (health(.failed(.unreadable("gone"))), health())
        case .storeRolledBack: return (with { $0.hasOlderRecords = true }, health())
        case .diskFull: return (health(full(for: 59)), health(full(for: 60)))
        case .diskLow: return (with { $0.roomBytes = 1 }, health())
        case .laneSlow: return (health(outcome(waited: 300_000)), health())
        case .clockJumped: return (with { $0.isClockTrusted = false }, health())
        case .clockUnsynchronized: return (health(clock: .unsynchronized), health())
        case .clockBehind:
            var behind = ClockBehind()
            behind.note(.hours(100), at: now)
            let end = now + ClockBehind.windowTime
            return (
                health(isBehind: behind.isSo(at: end - .seconds(1))),
                health(isBehind: behind.isSo(at: end))
            )
        case .clockFast: return leaning(-1)
        case .clockSlow: return leaning(1)
        case .guessing: return guessing()
        case .sourceIsProxy:
            let (last, end) = (SourceSpread.newsTime - .seconds(1), SourceSpread.newsTime)
            let spread = oneSource()
            return (
                health(isOneSource: spread.isOne(at: now + last)),
                health(isOneSource: spread.isOne(at: now + end))
            )
        case .masterKeyOld:
            return (with { ($0.masterKey, $0.masterKeyWanted) = ("a", "b") }, health())
        case .eventUnreadable: return (with { $0.unreadableEvent = 1 }, health())
        case .eventsFull:
            return (with { ($0.eventBytes, $0.eventBytesMax) = (99, 100) }, health())
        case .readersFull: return (with { $0.isReadersFull = true }, health())
        case .connectionsFull: return (health(areAppsFull: true), health())
        case .configurationRefused:
            let standing = StandingReasons()
            return told(standing) { standing.set(.configurationRefused, $0) }
        case .checkProblems: return work(.check, .foundProblems)
        case .checkFailed: return work(.check, .failed(Refusal(.unavailable)))
        case .backupFailed: return work(.backup, .failed(Refusal(.unavailable)))
        case .exportFailed: return work(.export, .foundProblems)
        case .rotationFailed: return work(.rotateKey, .failed(Refusal(.unavailable)))
        }
    }

    @Test("ends when its cause has ended", arguments: Health.Reason.allCases)
    func ends(_ reason: Health.Reason) {
        let (during, after) = Self.looks(reason)
        #expect(during.reasons == [reason.rawValue])
        #expect(after.reasons == [])
    }

    @Test("says that the disk is full as long as anything is refused, or room is not known")
    func full() {
        #expect(Self.health(Self.full(for: 3600, room: nil)).reasons == ["disk_full"])
        let low = Self.health(Self.full(for: 3600, room: ServerPolicy.roomUsual - 1))
        #expect(low.reasons == ["disk_full", "disk_low"])
    }

    // MARK: Causes

    private static func health(
        _ outcome: StoreReport.Outcome = outcome(), clock: HostClock = .synchronized,
        skew: ClockSkew? = nil, isBehind: Bool = false, isGuessedAt: Bool = false,
        isOneSource: Bool = false, areAppsFull: Bool = false, standing: Set<Health.Reason> = []
    ) -> Health {
        Health(
            outcome, clock, skew: skew, isBehind: isBehind, isGuessedAt: isGuessedAt,
            isOneSource: isOneSource,
            areAppsFull: areAppsFull, standing: standing)
    }

    private static func outcome(
        waited: Int64 = 0, _ change: (inout StoreFigures) -> Void = { _ in }
    ) -> StoreReport.Outcome {
        var figures = StoreFigures()
        change(&figures)
        return .found(StoreReport(LaneFigures(), figures, askedAt: 0, now: waited))
    }

    private static func with(_ change: (inout StoreFigures) -> Void) -> Health {
        health(outcome(change))
    }

    /// So many seconds after a batch was refused.
    private static func full(
        for seconds: Int64, room: Int? = ServerPolicy.roomUsual
    ) -> StoreReport.Outcome {
        var (lane, figures) = (LaneFigures(), StoreFigures())
        lane.note(1, since: MonotonicClock.microseconds(), .full("no space"))
        figures.roomBytes = room
        let now = lane.refusedAt + seconds * 1_000_000
        return .found(StoreReport(lane, figures, askedAt: now, now: now))
    }

    private static func leaning(_ drift: Int8) -> (Health, Health) {
        var steps = SkewWindow()
        for number in 0..<UInt64(SkewCounts.accountsMin) {
            steps.note(drift, of: RecordID(high: 0, low: number), at: now)
        }
        let (news, none) = (steps.skew(at: now), steps.skew(at: now + SkewWindow.windowTime * 2))
        return (health(skew: news), health(skew: none))
    }

    private static func guessing() -> (during: Health, after: Health) {
        var watch = GuessWatch()
        for _ in 0...GuessWatch.wrongMin {
            _ = watch.note(isRight: false, of: .standard, at: now)
        }
        return (
            health(isGuessedAt: watch.isAnyGuessedAt(at: now + .hours(47))),
            health(isGuessedAt: watch.isAnyGuessedAt(at: now + .hours(48)))
        )
    }

    private static func oneSource() -> SourceSpread {
        var spread = SourceSpread()
        for number in 0..<SourceSpread.codesMin {
            guard let name = AccountName(app: .standard, user: "user \(number)") else {
                preconditionFailure("a test's own name is well formed")
            }
            spread.note(Source("127.0.0.1"), of: name, at: now)
        }
        return spread
    }

    private static func told(
        _ standing: StandingReasons, _ tell: (_ stands: Bool) -> Void
    ) -> (Health, Health) {
        tell(true)
        let during = health(standing: standing.all)
        tell(false)
        return (during, health(standing: standing.all))
    }

    private static func work(_ op: OperationName, _ stage: WorkStage) -> (Health, Health) {
        let standing = StandingReasons()
        return told(standing) { standing.note(op, $0 ? stage : .ended) }
    }
}
