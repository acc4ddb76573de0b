// The tables of `trusted` and `forget`, and what `verify` does when a device is to be remembered.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct DeviceTests {
    static let lifetime = Duration.days(30)
    static let phone = Device.given(1)
    static let laptop = Device.given(2, label: "laptop")
    static let remembering = Given.active.with { $0.devices = [phone, laptop] }

    private static func trusted(_ number: UInt8, token: UInt8, next: UInt8 = 200) -> Trusted {
        Trusted(token: DeviceProof(id: .given(number), digest: .digest(token)), next: .digest(next))
    }

    private static func yes(
        _ number: UInt8, _ left: Duration = lifetime, replaced: Bool = true
    ) -> Answer {
        .accepted(
            .trusted(
                TrustedDevice(id: .given(number), expiresIn: left), isTokenReplaced: replaced))
    }

    /// After the laptop's token was replaced once, at `Given.now`.
    private static let replaced = remembering.with {
        $0.devices[1].previous = .digest(2)
        $0.devices[1].current = .digest(200)
    }
    /// And the browser has sent the new one.
    private static let arrived = replaced.with { $0.devices[1].hasArrived = true }
    private static let minute = Given.now + .seconds(60)
    private static let restored = UsedBefore(restoredAt: Given.now)
    private static let restoredEarlier = UsedBefore(
        restoredAt: Given.now + Duration(milliseconds: -1))
    /// The log's last frame was lost: that alone ends no device.
    private static let lost = UsedBefore(steps: Given.now)
    private static let spent = remembering.with {
        $0.guard.deviceFailures.emptyAt = Given.now + .minutes(10)
    }
    private static let phoneOnly = remembering.with { $0.devices.removeLast() }
    private static let stolen = phoneOnly.noted(.stolenDevice, by: .trusted)

    static let refusals: [Row] = [
        Row("nobody", Given.unknown, trusted(2, token: 2), .no(.notTrusted)),
        Row(
            "no token at all, of somebody who has none", Given.active,
            Trusted(token: nil, next: []), .no(.notTrusted)),
        Row(
            "no token at all: a bad one like others", remembering,
            Trusted(token: nil, next: []), .no(.notTrusted),
            after: remembering.with {
                $0.guard.deviceFailures.emptyAt = Given.now + .minutes(1)
            }),
        Row("no devices: nothing to count", Given.active, trusted(2, token: 2), .no(.notTrusted)),
        Row(
            "another series", remembering, trusted(3, token: 2), .no(.notTrusted),
            after: remembering.with {
                $0.guard.deviceFailures.emptyAt = Given.now + .minutes(1)
            }),
        Row(
            "the tenth",
            remembering.with {
                $0.guard.deviceFailures.emptyAt = Given.now + .minutes(9)
            }, trusted(3, token: 2), .no(.notTrusted), after: spent),
        Row(
            "one too many is no news", spent, trusted(3, token: 2), .no(.notTrusted), isEvent: false
        ),
        Row(
            "one too many, under a clock set back by years",
            remembering.with { $0.guard.deviceFailures.emptyAt = Given.now + .days(900) },
            trusted(3, token: 2), .no(.notTrusted), after: spent, isEvent: false),
        Row(
            "expired", remembering, trusted(2, token: 2), at: Given.now + lifetime,
            .no(.notTrusted), after: phoneOnly),
        Row(
            "of a store that was put back since", remembering.with { $0.usedBefore = restored },
            trusted(2, token: 2), .no(.notTrusted),
            after: phoneOnly.with { $0.usedBefore = restored }),
        Row(
            "a token of this series that is not the newest", remembering, trusted(2, token: 77),
            .no(.notTrusted), after: stolen, alert: .stolenDevice),
        Row(
            "stale, and bad tokens wait", spent, trusted(2, token: 77), .no(.notTrusted),
            after: spent.with { $0.devices.removeLast() }.noted(.stolenDevice, by: .trusted),
            alert: .stolenDevice),
        Row(
            "another device's token", remembering, trusted(2, token: 1), .no(.notTrusted),
            after: stolen, alert: .stolenDevice),
        Row(
            "the token before, once its time is over and the newest has arrived", arrived,
            trusted(2, token: 2), at: minute, .no(.notTrusted),
            after: phoneOnly.noted(.stolenDevice, by: .trusted, at: minute),
            alert: .stolenDevice),
        Row(
            "one that never arrived, after another took its place: two browsers hold the device",
            replaced.with { $0.devices[1].current = .digest(201) }, trusted(2, token: 200),
            .no(.notTrusted), after: stolen, alert: .stolenDevice),
    ]

    static let successes: [Row] = [
        Row("the newest token", remembering, trusted(2, token: 2), yes(2), after: replaced),
        Row(
            "made after the store was put back",
            remembering.with { $0.usedBefore = restoredEarlier },
            trusted(2, token: 2), yes(2),
            after: replaced.with { $0.usedBefore = restoredEarlier }),
        Row(
            "made before the log lost what was answered last",
            remembering.with { $0.usedBefore = lost }, trusted(2, token: 2), yes(2),
            after: replaced.with { $0.usedBefore = lost }),
        Row(
            "though bad tokens wait", spent, trusted(2, token: 2), yes(2),
            after: spent.with { $0.devices = replaced.devices }),
        Row(
            "though codes are locked", remembering.with { $0.guard.totp = .locked },
            trusted(2, token: 2), yes(2), after: replaced.with { $0.guard.totp = .locked }),
        Row(
            "the newest, within a minute: it has arrived, and is not replaced", replaced,
            trusted(2, token: 200), yes(2, replaced: false), after: arrived),
        Row(
            "the newest, after a minute", replaced, trusted(2, token: 200, next: 201), at: minute,
            yes(2, lifetime - .seconds(60)),
            after: replaced.with {
                $0.devices[1] = $0.devices[1].with(.digest(201), before: .digest(200), at: minute)
            }),
        Row(
            "the token before, within a minute, though the newest has arrived", arrived,
            trusted(2, token: 2), yes(2, replaced: false)),
        Row(
            "the token before, a day later: the answer with the newest was lost", replaced,
            trusted(2, token: 2, next: 201), at: Given.now + .days(1),
            yes(2, lifetime - .days(1)),
            after: replaced.with {
                $0.devices[1] = $0.devices[1].with(
                    .digest(201), before: .digest(2), at: Given.now + .days(1))
            }),
        Row(
            "the token before, at once", replaced, trusted(2, token: 2), yes(2, replaced: false)),
        Row(
            "the token before, its last millisecond", replaced, trusted(2, token: 2),
            at: Given.now + Duration(milliseconds: 59_999),
            yes(2, Duration(milliseconds: lifetime.milliseconds - 59_999), replaced: false)),
        Row(
            "the token before, under a clock set back", replaced, trusted(2, token: 2),
            at: Given.now + Duration(milliseconds: -100), yes(2, replaced: false),
            after: replaced.with {
                for index in $0.devices.indices {
                    $0.devices[index].createdAt = Given.now + Duration(milliseconds: -100)
                    $0.devices[index].usedAt = Given.now + Duration(milliseconds: -100)
                }
            }),
        Row(
            "the last millisecond", remembering, trusted(2, token: 2),
            at: Given.now + lifetime + Duration(milliseconds: -1),
            yes(2, Duration(milliseconds: 1)),
            after: replaced.with {
                $0.devices[1].usedAt = Given.now + lifetime + Duration(milliseconds: -1)
            }),
        Row(
            "made while the clock was a year ahead: it counts from now",
            remembering.with {
                $0.devices[1].createdAt = Given.now + .days(365)
                $0.devices[1].usedAt = Given.now + .days(366)
            }, trusted(2, token: 2), yes(2), after: replaced),
    ]

    static let forgettings: [Row] = [
        Row("nobody's", Given.unknown, Forget(.one(.given(1))), .no(.notTrusted)),
        Row("no id at all", remembering, Forget(.one(nil)), .no(.notTrusted)),
        Row("another's", remembering, Forget(.one(.given(3))), .no(.notTrusted)),
        Row("all of nobody", Given.unknown, Forget(.all), .accepted(.done)),
        Row(
            "one", remembering, Forget(.one(.given(2))), .accepted(.done),
            after: phoneOnly.noted(.deviceEnded, by: .forget)),
        Row(
            "all", remembering, Forget(.all), .accepted(.done),
            after: Given.active.noted(.deviceEnded, by: .forget)),
    ]

    @Test(arguments: refusals) func refuses(_ row: Row) { row.check() }
    @Test(arguments: successes) func trusts(_ row: Row) { row.check() }
    @Test(arguments: forgettings) func forgets(_ row: Row) { row.check() }
}

extension Device {
    /// Number `n`, with token `n`, made at `Given.now`.
    static func given(_ number: UInt8, label: String? = nil) -> Device {
        Device(
            id: .given(number), label: label, createdAt: Given.now, usedAt: Given.now,
            current: .digest(number), previous: nil)
    }
}

extension Device {
    fileprivate func with(_ current: [UInt8], before: [UInt8], at now: Instant) -> Device {
        Device(
            id: id, label: label, createdAt: createdAt, usedAt: now, current: current,
            previous: before)
    }
}

extension DeviceID {
    static func given(_ number: UInt8) -> DeviceID { DeviceID(rawValue: UInt64(number)) }
}

extension [UInt8] {
    static func digest(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 32) }
}

extension TrustedDevice {
    init(id: DeviceID, expiresIn: Duration) {
        self.init(
            Device(
                id: id, label: nil, createdAt: Given.now, usedAt: Given.now, current: [],
                previous: nil),
            at: Given.now, under: .lasting(expiresIn))
    }
}

extension DevicePolicy {
    static func lasting(_ lifetime: Duration) -> DevicePolicy {
        var policy = DevicePolicy()
        policy.lifetime = lifetime
        return policy
    }
}
