// Which events an app could make without end, and how many of them it may have: one below, at, and
// one above.

import Testing

@testable import Accounts

@Suite("The budgets of events")
struct EventBudgetTests {
    /// Nil for one that is always kept.
    private static func kind(
        _ account: Account, _ operation: any Operation, at now: Instant = Given.now,
        with prepared: Prepared = .nothing
    ) -> BoundedEvent? {
        operation.decide(account, at: now, with: prepared).boundedEvent(since: account, at: now)
    }

    private static func use(next: [UInt8]) -> Trusted {
        Trusted(token: DeviceProof(id: .given(1), digest: .digest(1)), next: next)
    }

    private static let enroll = Enroll(secret: Given.newSecret, parameters: .standard)
    private static let wrong = Verify(code: .totp(Given.wrongCode()))
    /// The next failure locks.
    private static let last = Throttle(failures: 99)

    @Test("are for what changed nothing, and for all that is refused to nobody who has a factor")
    func cheap() {
        let verify = Verify(code: Given.totp())
        #expect(Self.kind(Given.unknown, verify) == .cheap)
        let used = Given.active.used(upTo: Given.began)
        #expect(Self.kind(used, verify) == .cheap, "replayed")
        #expect(Self.kind(Given.active.with { $0.guard.totp = .waiting }, verify) == .cheap)
        #expect(Self.kind(Given.active.with { $0.guard.totp = .locked }, verify) == .cheap)
        #expect(Self.kind(Given.tooMany, Self.enroll) == .cheap)
        #expect(Self.kind(Given.active, Self.enroll) == .cheap, "code_required")
        let confirm = Confirm(code: Given.code(of: Given.newSecret))
        #expect(Self.kind(Given.unknown, confirm) == .cheap)
        #expect(Self.kind(Given.unknown, Forget(.all)) == .cheap)
        #expect(Self.kind(Given.active, Self.use(next: [])) == .cheap)
        #expect(Self.kind(Given.unknown, Self.enroll) == .cheap)
        #expect(Self.kind(Given.pending, Self.enroll) == .cheap)
        #expect(Self.kind(Given.pending, Cancel()) == .cheap)
        // A made-up user: neither wrong codes nor an alert of it push out those of people.
        let made = Confirm(code: Given.wrongCode())
        #expect(Self.kind(Given.pending, made) == .cheap)
        #expect(Self.kind(Given.pending.with { $0.guard.totp = Self.last }, made) == .cheap)
    }

    @Test("are apart for wrong codes of people who have a factor, and for alerts")
    func wrongCodes() {
        #expect(Self.kind(Given.active, Self.wrong) == .wrongCode)
        #expect(
            Self.kind(Given.active, Verify(code: Given.backup), with: Given.wrong) == .wrongCode)
        #expect(Self.kind(Given.replacing, Confirm(code: Given.wrongCode())) == .wrongCode)
        #expect(Self.kind(Given.active.with { $0.guard.totp = Self.last }, Self.wrong) == .alert)
    }

    @Test("are not for right codes, nor for what was made with one")
    func dear() {
        #expect(Self.kind(Given.active, Verify(code: Given.totp())) == nil)
        #expect(Self.kind(Given.active, Verify(code: Given.backup), with: Given.right) == nil)
        #expect(Self.kind(Given.active, Disable(code: Given.totp())) == nil)
        let confirm = Confirm(code: Given.code(of: Given.newSecret))
        #expect(Self.kind(Given.pending, confirm, with: Given.renewed) == nil)
        // A code began it, and there are only so many.
        #expect(Self.kind(Given.replacing, Cancel()) == nil)
        #expect(Self.kind(Given.active, Reset()) == nil)
        #expect(Self.kind(DeviceTests.remembering, Forget(.all)) == nil)
    }

    @Test("are for a device's uses within one minute of the clock, but for the first")
    func device() {
        let use = Self.use(next: .digest(9))
        let minute = Instant(seconds: Given.now.seconds / 60 * 60)
        let used = DeviceTests.remembering.with { $0.devices[0].usedAt = minute }
        let last = minute + Duration(milliseconds: 59_999)
        #expect(Self.kind(used, use, at: last) == .cheap)
        #expect(Self.kind(used, use, at: minute + .minutes(1)) == nil)
        let before = used.with { $0.devices[0].usedAt = minute - .seconds(1) }
        #expect(Self.kind(before, use) == nil)
        let stale = used.with { $0.devices[0].current = [UInt8](repeating: 8, count: 32) }
        #expect(Self.kind(stale, use, at: last) == .alert, "stolen_device")
    }

    @Test("hold a hundred thousand wrong codes and two a second, whatever else is spent")
    func apart() {
        var budget = EventBudget()
        #expect(taken(&budget, 10_001, at: Given.now) == 10_000)
        #expect(taken(&budget, 100_001, .wrongCode, at: Given.now) == 100_000)
        #expect(taken(&budget, 10_001, .alert, at: Given.now) == 10_000)
        #expect(taken(&budget, 3, .wrongCode, at: Given.now + .seconds(1)) == 2)
        #expect(taken(&budget, 3, .alert, at: Given.now + .seconds(1)) == 1)
        #expect(told(&budget) == 6)
    }

    @Test("hold ten thousand, and one more a second; what is left out is told once")
    func budget() {
        var budget = EventBudget()
        #expect(taken(&budget, 10_003, at: Given.now) == 10_000)
        #expect(told(&budget) == 3)
        #expect(told(&budget) == 0)
        #expect(taken(&budget, 1, at: Given.now + Duration(milliseconds: 999)) == 0)
        #expect(taken(&budget, 2, at: Given.now + .seconds(1)) == 1)
        #expect(told(&budget) == 2)
        // One every millisecond: all there is by then, and one a second.
        let later = Given.now + .hours(3)
        let more = (0..<20_000).map { Duration(milliseconds: $0) }
            .map { taken(&budget, 1, at: later + $0) }
        #expect(more.reduce(0, +) == 10_019)
    }

    @Test("are not held back longer than it takes to fill by a clock that was set back")
    func clock() {
        var budget = EventBudget()
        #expect(taken(&budget, 10_001, at: Given.now) == 10_000)
        let before = Given.now - .days(900)
        #expect(taken(&budget, 1, at: before) == 0)
        #expect(taken(&budget, 10_001, at: before + .seconds(10_000)) == 10_000)
    }
}

/// How many of so many are kept.
private func taken(
    _ budget: inout EventBudget, _ count: Int, _ kind: BoundedEvent = .cheap, at now: Instant
) -> Int {
    (0..<count).reduce(0) { kept, _ in kept + (budget.spend(kind, at: now) ? 1 : 0) }
}

private func told(_ budget: inout EventBudget) -> Int { budget.takeOmitted() }
