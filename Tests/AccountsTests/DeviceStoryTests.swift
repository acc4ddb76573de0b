// What browsers do with a token in a day: honest ones never ring the alarm, and two that hold one
// token always do.

import Testing

@testable import Accounts

@Suite("A remembered browser's token") struct DeviceStoryTests {
    /// One account with one device, whose first token is 0.
    private struct Story {
        private(set) var account = Given.active.with {
            $0.devices = [
                Device(
                    id: .given(1), label: nil, createdAt: Given.now, usedAt: Given.now,
                    current: .digest(0), previous: nil)
            ]
        }
        private(set) var newest: UInt8 = 0

        /// Sends a token; returns the one to keep, or nil when it was refused.
        mutating func send(_ token: UInt8, after seconds: Int64) -> UInt8? {
            let next = newest + 1
            let trusted = Trusted(
                token: DeviceProof(id: .given(1), digest: .digest(token)), next: .digest(next))
            let outcome = trusted.decide(
                account, at: Given.now + .seconds(seconds), with: .nothing)
            account = outcome.account
            isAlarmed = isAlarmed || outcome.alert == .stolenDevice
            guard case .accepted(.trusted(_, let isReplaced)) = outcome.answer else { return nil }
            if isReplaced { newest = next }
            return isReplaced ? next : token
        }

        private(set) var isAlarmed = false
    }

    @Test("three requests within a second, and a slow tab with the first token")
    func quickRotations() {
        var story = Story()
        var cookie: UInt8? = 0
        for _ in 0..<3 { cookie = cookie.flatMap { story.send($0, after: 100) } }
        #expect(cookie == 1)
        #expect(story.send(0, after: 101) == 0)
        // The slow reply has put nothing else into the cookie.
        #expect(story.send(1, after: 200) == 2)
        #expect(!story.isAlarmed)
    }

    @Test(
        "an answer lost in a tunnel, found out a minute, a day or a week later",
        arguments: [
            60, 86_400, 604_800,
        ] as [Int64])
    func lostAnswer(_ later: Int64) {
        var story = Story()
        #expect(story.send(0, after: 100) == 1)
        #expect(story.send(0, after: 100 + later) == 2)
        // Lost again, and then not.
        #expect(story.send(0, after: 100 + 2 * later) == 3)
        #expect(story.send(3, after: 100 + 3 * later) == 4)
        #expect(story.send(3, after: 100 + 4 * later) == 5)
        #expect(!story.isAlarmed)
    }

    @Test("a copied token is told once both browsers have used theirs, whoever comes first")
    func copied() {
        for thiefFirst in [true, false] {
            var story = Story()
            var (owner, thief): (UInt8?, UInt8?) = (0, 0)
            var day: Int64 = 0
            for turn in 0..<4 where !story.isAlarmed {
                day += 86_400
                if (turn % 2 == 0) == thiefFirst {
                    thief = thief.flatMap { story.send($0, after: day) }
                } else {
                    owner = owner.flatMap { story.send($0, after: day) }
                }
            }
            #expect(story.isAlarmed)
            #expect(story.account.devices.isEmpty)
        }
    }

    @Test("whoever holds the token before and never sends the newest is told when the owner comes")
    func thiefWhoWaits() {
        var story = Story()
        #expect(story.send(0, after: 100) == 1)
        #expect(story.send(1, after: 200) == 2)
        // The thief has token 1, of which the owner's browser has had the answer.
        #expect(story.send(2, after: 300) == 3)
        #expect(story.send(1, after: 400) == nil)
        #expect(story.isAlarmed)
    }
}
