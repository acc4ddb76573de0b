// What a store may have forgotten, as moments: each at least as late as every reason for it.

import Testing

@testable import Accounts

@Suite("What a store may have forgotten") struct UsedBeforeTests {
    private static let early = Given.now + Duration(milliseconds: -1)
    private static let late = Given.now + Duration(milliseconds: 1)
    /// No moment comes twice: a secret is known by what was forgotten when it was made.
    private static let later = Given.now + Duration(milliseconds: 2)

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: UsedBefore
        let newestEvent: Instant?
        let steps: Instant
    }

    static let cases = [
        Case("no event", .never, nil, Given.now),
        Case("an earlier event", .never, early, Given.now),
        Case("an event of this moment", .never, Given.now, Given.now),
        Case("a later event: the clock was set back", .never, late, late),
        Case("forgotten later: the clock was set back", UsedBefore(steps: late), nil, later),
        Case("forgotten earlier", UsedBefore(steps: early), nil, Given.now),
        Case("restored later", UsedBefore(restoredAt: late), early, later),
    ]

    @Test(
        "with what was answered last: up to now, to the newest event, and as far as before",
        arguments: cases)
    func forgotten(_ row: Case) {
        var moments = row.before
        moments.forgetSteps(at: Given.now, newestEvent: row.newestEvent.map { ($0, $0) })
        #expect(moments.steps == row.steps)
        #expect(moments.devices == row.before.devices)
        #expect(moments.attempts == row.steps)
    }

    @Test("with what was answered last: of attempts, up to the latest of all events")
    func attempts() {
        var moments = UsedBefore.never
        let far = Given.now + .seconds(600)
        moments.forgetSteps(at: Given.now, newestEvent: (Self.early, far))
        #expect(moments.steps == Given.now && moments.attempts == far)
        // Nothing takes that back.
        moments.forgetSteps(at: Self.early, newestEvent: nil)
        #expect(moments.attempts == far)
        moments.restore(at: Self.early)
        #expect(moments.attempts == far)
        moments.restore(at: far + .seconds(1))
        #expect(moments.attempts == moments.steps)
    }

    @Test("by a restore: devices, and steps at least up to then")
    func restored() {
        #expect(UsedBefore.never == UsedBefore(restoredAt: .distantPast, steps: .distantPast))
        #expect(UsedBefore(restoredAt: Given.now).steps == Given.now)
        #expect(UsedBefore(restoredAt: Given.now).devices == Given.now)
        #expect(UsedBefore(restoredAt: Given.now, steps: Self.early).steps == Given.now)
        #expect(UsedBefore(restoredAt: Given.now, steps: Self.late).steps == Self.late)
        #expect(UsedBefore(steps: Given.now).devices == .distantPast)
        var again = UsedBefore.never
        for moment in [Given.now, Self.late, Self.early] {
            let before = again
            again.restore(at: moment)
            #expect(again.steps > before.steps && again.steps >= moment)
            #expect(again.devices == max(before.devices, moment))
        }
    }
}

extension UsedBeforeTests.Case {
    fileprivate init(
        _ description: String, _ before: UsedBefore, _ newestEvent: Instant?, _ steps: Instant
    ) {
        self.init(
            testDescription: description, before: before, newestEvent: newestEvent, steps: steps)
    }
}
