// Each reason for which totpd is not well, alone, at its limit and beside the others: pure, from a
// report as a value. What nobody knows must be no reason.

import Accounts
import Testing
import Wire

@testable import Server
@testable import Store

@Suite("Health")
struct HealthTests {
    private static let now: Int64 = 1_000_000_000

    private static func reported(
        waited: Int64 = 0, lane: LaneFigures = LaneFigures(),
        _ change: (inout StoreFigures) -> Void = { _ in }
    ) -> StoreReport.Outcome {
        var figures = StoreFigures()
        change(&figures)
        return .found(StoreReport(lane, figures, askedAt: now - waited, now: now))
    }

    private static func full() -> LaneFigures {
        var lane = LaneFigures()
        lane.note(1, since: MonotonicClock.microseconds(), .full("no space"))
        return lane
    }

    private func expect(
        _ reported: StoreReport.Outcome, _ clock: HostClock = .synchronized,
        _ skew: ClockSkew? = nil,
        isOneSource: Bool = false, is state: Health.State, _ reasons: String...,
        at location: SourceLocation = #_sourceLocation
    ) {
        let health = Health(reported, clock, skew: skew, isOneSource: isOneSource)
        #expect(health.state == state, sourceLocation: location)
        #expect(health.reasons == reasons, sourceLocation: location)
        #expect(health.clock == clock.rawValue, sourceLocation: location)
    }

    @Test("is well when nothing is wrong, or nothing is known")
    func well() {
        expect(Self.reported(), is: .ok)
        expect(Self.reported(), .unknown, is: .ok)
    }

    @Test("tells of a proxy that hides who is behind it")
    func proxy() {
        expect(Self.reported(), isOneSource: true, is: .degraded, "source_is_proxy")
    }

    @Test("fails when the lane does not answer, or the store cannot be read")
    func failing() {
        expect(.late, is: .failing, "lane_stuck")
        expect(.failed(.broken("the disk is gone")), is: .failing, "store_unreadable")
        #expect(Health(.late, .unknown, skew: nil).laneWait == nil)
    }

    @Test(
        "fails while the database gives no answers, and says why",
        arguments: StoreFault.AwayReason.allCases)
    func away(_ reason: StoreFault.AwayReason) {
        expect(.failed(.away(reason, "why")), is: .failing, reason.rawValue)
        expect(Self.reported { $0.away = reason }, is: .failing, reason.rawValue)
    }

    @Test("fails while something damaged was met, and says where, the same order always")
    func damaged() {
        for part in StorePart.allCases {
            let outcome = Self.reported { $0.damagedParts = [part] }
            expect(outcome, is: .failing, "store_unreadable")
            #expect(Health(outcome, .synchronized, skew: nil).unreadable == [part.rawValue])
        }
        let two = Health(
            Self.reported { $0.damagedParts = [.freePages, .accounts] }, .synchronized, skew: nil)
        #expect(two.unreadable == ["accounts", "free_pages"])
        #expect(Health(Self.reported(), .synchronized, skew: nil).unreadable == [])
    }

    @Test("fails while what came last found no room, and not afterwards")
    func full() {
        var lane = Self.full()
        expect(Self.reported(lane: lane), is: .failing, "disk_full")
        lane.note(1, since: MonotonicClock.microseconds(), nil)
        expect(Self.reported(lane: lane), is: .ok)
    }

    @Test("is degraded below a gibibyte of room")
    func low() {
        let usual = ServerPolicy.roomUsual
        expect(Self.reported { $0.roomBytes = usual + 1 }, is: .ok)
        expect(Self.reported { $0.roomBytes = usual }, is: .ok)
        expect(Self.reported { $0.roomBytes = usual - 1 }, is: .degraded, "disk_low")
        expect(Self.reported { $0.roomBytes = nil }, is: .ok)
    }

    @Test("is degraded when the lane takes more than a quarter of a second")
    func slow() {
        let usual = ServerPolicy.laneWaitUsual
        expect(Self.reported(waited: usual - 1), is: .ok)
        expect(Self.reported(waited: usual), is: .ok)
        expect(Self.reported(waited: usual + 1), is: .degraded, "lane_slow")
        #expect(Health(Self.reported(waited: 77), .unknown, skew: nil).laneWait == 77)
    }

    @Test("is degraded when nothing keeps the clock right, and not when nobody says")
    func clock() {
        expect(Self.reported(), .unsynchronized, is: .degraded, "clock_unsynchronized")
        expect(.late, .unsynchronized, is: .failing, "lane_stuck", "clock_unsynchronized")
    }

    @Test("is degraded while the clock is not where it should be")
    func jumped() {
        expect(Self.reported { $0.isClockTrusted = false }, is: .degraded, "clock_jumped")
    }

    @Test("is degraded when most phones disagree with the clock, whoever keeps it")
    func skew() {
        expect(Self.reported(), .synchronized, .fast, is: .degraded, "clock_fast")
        expect(Self.reported(), .unknown, .slow, is: .degraded, "clock_slow")
    }

    @Test("is degraded while the clock is behind somebody's codes")
    func behind() {
        let health = Health(Self.reported(), .synchronized, skew: nil, isBehind: true)
        #expect(health.state == .degraded && health.reasons == ["clock_behind"])
    }

    @Test("is degraded while an older master key wraps the data keys")
    func key() {
        let old = Self.reported { ($0.masterKey, $0.masterKeyWanted) = ("old", "new") }
        expect(old, is: .degraded, "master_key_old")
        expect(Self.reported { ($0.masterKey, $0.masterKeyWanted) = ("new", "new") }, is: .ok)
    }

    @Test("is degraded while an event that cannot be read bars others from being removed")
    func events() {
        expect(
            Self.reported { $0.unreadableEvent = 7 }, is: .degraded, "event_unreadable")
    }

    @Test("is degraded when events have less than a sixteenth of their room left")
    func eventRoom() {
        expect(
            Self.reported { ($0.eventBytes, $0.eventBytesMax) = (1501, 1600) }, is: .degraded,
            "events_full")
        expect(Self.reported { ($0.eventBytes, $0.eventBytesMax) = (1500, 1600) }, is: .ok)
        expect(Self.reported { ($0.eventBytes, $0.eventBytesMax) = (1501, nil) }, is: .ok)
    }

    @Test("is degraded while there is no place for another connection of an app")
    func connections() {
        let full = Health(Self.reported(), .synchronized, skew: nil, areAppsFull: true)
        #expect(full.state == .degraded && full.reasons == ["connections_full"])
    }

    @Test("tells the worst first")
    func several() {
        let all = Self.reported(waited: 1_000_000, lane: Self.full()) {
            $0.roomBytes = 0
            $0.masterKey = "old"
            $0.unreadableEvent = 1
            ($0.eventBytes, $0.eventBytesMax) = (16, 16)
        }
        expect(
            all, .unsynchronized, is: .failing, "disk_full", "disk_low", "lane_slow",
            "clock_unsynchronized", "master_key_old", "event_unreadable", "events_full")
    }

    @Test("takes the kernel's word on the clock, and where it has none, systemd's mark")
    func host() {
        for isMarked in [true, false] {
            #expect(HostClock(kernel: true, isMarked: isMarked) == .synchronized)
            #expect(HostClock(kernel: false, isMarked: isMarked) == .unsynchronized)
        }
        #expect(HostClock(kernel: nil, isMarked: true) == .synchronized)
        #expect(HostClock(kernel: nil, isMarked: false) == .unknown)
    }
}
