// Shows that an app's policy decides how fast it may be guessed, and that none is outside what
// `Policy` allows. Defaults are the other tests' matter.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct AppPolicyTests {
    private static let strict = ThrottlePolicy.standard.with {
        $0.freeFailures = 3
        $0.waitMin = .seconds(60)
        $0.waitMax = .minutes(15)
        $0.failuresMax = 20
    }

    @Test("waits begin earlier, are longer, and end at the policy's cap")
    func waits() {
        let waits: [Int64] = [0, 0, 60, 120, 240, 480, 900, 900]
        for (index, wait) in waits.enumerated() {
            let failures = UInt32(index + 1)
            #expect(Throttle.wait(after: failures, under: Self.strict) == .seconds(wait))
        }
    }

    @Test("the lock falls at the policy's count, not before")
    func lock() {
        let policy = AppPolicy(throttle: Self.strict)
        for (before, isLocked) in [(18, false), (19, true)] as [(UInt32, Bool)] {
            let account = Given.active.with { $0.guard.totp = Throttle(failures: before) }
            let wrong = Verify(code: .totp(Given.wrongCode()))
            let outcome = wrong.decide(account, at: Given.now, under: policy, with: .nothing)
            #expect(outcome.account.guard.totp.isLocked == isLocked)
        }
    }

    @Test("a wait that an older policy made is bounded by the new one")
    func settled() {
        var throttle = Throttle(failures: 12, until: Given.now + .hours(1))
        throttle.settle(at: Given.now, under: Self.strict)
        #expect(throttle.wait(at: Given.now) == .minutes(15))
    }

    @Test("each setting has its bounds: one below, at, and one above")
    func bounds() {
        #expect(ThrottlePolicy.standard.isWithinBounds && Self.strict.isWithinBounds)
        let second = Duration.seconds(1)
        let rows: [(Bool, (inout ThrottlePolicy) -> Void)] = [
            (false, { $0.freeFailures = 2 }), (true, { $0.freeFailures = 3 }),
            (true, { $0.freeFailures = 10 }), (false, { $0.freeFailures = 11 }),
            (false, { $0.waitMin = .seconds(29) }), (true, { $0.waitMin = .seconds(30) }),
            (true, { $0.waitMin = .minutes(5) }), (false, { $0.waitMin = .minutes(5) + second }),
            (false, { $0.waitMax = .seconds(899) }), (true, { $0.waitMax = .minutes(15) }),
            (true, { $0.waitMax = .hours(1) }), (false, { $0.waitMax = .hours(1) + second }),
            (false, { $0.failuresMax = 19 }), (true, { $0.failuresMax = 20 }),
            (true, { $0.failuresMax = 100 }), (false, { $0.failuresMax = 101 }),
        ]
        for (isWithin, change) in rows {
            #expect(ThrottlePolicy.standard.with(change).isWithinBounds == isWithin)
        }
    }
}

extension ThrottlePolicy {
    fileprivate func with(_ change: (inout ThrottlePolicy) -> Void) -> ThrottlePolicy {
        var policy = self
        change(&policy)
        return policy
    }
}

extension Duration {
    fileprivate static func + (left: Duration, right: Duration) -> Duration {
        Duration(milliseconds: left.milliseconds + right.milliseconds)
    }
}
