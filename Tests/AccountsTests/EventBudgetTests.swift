// Which events are cheap, and how many of them an app may have: one below, at, and one above.

import Testing

@testable import Accounts

@Suite("The budget of cheap events")
struct EventBudgetTests {
    private static func isCheap(
        _ account: Account, _ operation: any Operation, at now: Instant = Given.now,
        with prepared: Prepared = .nothing
    ) -> Bool {
        operation.decide(account, at: now, with: prepared).isCheap(since: account, at: now)
    }

    private static func use(next: [UInt8]) -> Trusted {
        Trusted(token: DeviceProof(id: .given(1), digest: .digest(1)), next: next)
    }

    private static let enroll = Enroll(secret: Given.newSecret, parameters: .standard)

    @Test("is for what changed nothing, and for enrolments of nobody who has a factor")
    func cheap() {
        let verify = Verify(code: Given.totp())
        #expect(Self.isCheap(Given.unknown, verify))
        #expect(Self.isCheap(Given.active.used(upTo: Given.began), verify), "replayed")
        #expect(Self.isCheap(Given.active.with { $0.guard.totp = .waiting }, verify))
        #expect(Self.isCheap(Given.active.with { $0.guard.totp = .locked }, verify))
        #expect(Self.isCheap(Given.tooMany, Self.enroll))
        #expect(Self.isCheap(Given.active, Self.enroll), "code_required")
        #expect(Self.isCheap(Given.unknown, Confirm(code: Given.code(of: Given.newSecret))))
        #expect(Self.isCheap(Given.unknown, Forget(.all)))
        #expect(Self.isCheap(Given.active, Self.use(next: [])))
        #expect(Self.isCheap(Given.unknown, Self.enroll))
        #expect(Self.isCheap(Given.pending, Self.enroll))
        #expect(Self.isCheap(Given.pending, Cancel()))
    }

    @Test("is not for codes, right or wrong, nor for what was made with one")
    func dear() {
        #expect(!Self.isCheap(Given.active, Verify(code: Given.totp())))
        #expect(!Self.isCheap(Given.active, Verify(code: .totp(Given.wrongCode()))))
        #expect(!Self.isCheap(Given.active, Verify(code: Given.backup), with: Given.right))
        #expect(!Self.isCheap(Given.active, Disable(code: Given.totp())))
        let confirm = Confirm(code: Given.code(of: Given.newSecret))
        #expect(!Self.isCheap(Given.pending, confirm, with: Given.renewed))
        #expect(!Self.isCheap(Given.pending, Confirm(code: Given.wrongCode())))
        // A code began it, and there are only so many.
        #expect(!Self.isCheap(Given.replacing, Cancel()))
        #expect(!Self.isCheap(Given.active, Reset()))
        #expect(!Self.isCheap(DeviceTests.remembering, Forget(.all)))
    }

    @Test("is for a device's uses within one minute of the clock, but for the first")
    func device() {
        let use = Self.use(next: .digest(9))
        let minute = Instant(seconds: Given.now.seconds / 60 * 60)
        let used = DeviceTests.remembering.with { $0.devices[0].usedAt = minute }
        let last = minute + Duration(milliseconds: 59_999)
        #expect(Self.isCheap(used, use, at: last))
        #expect(!Self.isCheap(used, use, at: minute + .minutes(1)))
        #expect(!Self.isCheap(used.with { $0.devices[0].usedAt = minute - .seconds(1) }, use))
        let stale = used.with { $0.devices[0].current = [UInt8](repeating: 8, count: 32) }
        #expect(!Self.isCheap(stale, use, at: last), "stolen_device has an alert")
    }

    @Test("holds ten thousand, and one more a second; what is left out is told once")
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

    @Test("is not held back longer than it takes to fill by a clock that was set back")
    func clock() {
        var budget = EventBudget()
        #expect(taken(&budget, 10_001, at: Given.now) == 10_000)
        let before = Given.now - .days(900)
        #expect(taken(&budget, 1, at: before) == 0)
        #expect(taken(&budget, 10_001, at: before + .seconds(10_000)) == 10_000)
    }
}

/// How many of so many are kept.
private func taken(_ budget: inout EventBudget, _ count: Int, at now: Instant) -> Int {
    (0..<count).reduce(0) { kept, _ in kept + (budget.take(at: now) ? 1 : 0) }
}

private func told(_ budget: inout EventBudget) -> Int { budget.takeOmitted() }
