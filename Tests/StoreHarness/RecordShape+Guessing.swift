// Shapes of accounts that somebody guesses at: what versions 6 and later of the records know of.

import Accounts
import OneTimeCodes
import Secrets
import Store

extension RecordShape {
    /// More drifts than version 5 could say.
    static func drifted() throws -> Account {
        var account = try account("drifted")
        account.factor = Factor(
            secret: secret(13, 20), parameters: .standard, enrolledAt: Clock.start)
        account.guard.lastStepBegan = Clock.after(120)
        account.guard.drifts = drifts(0, 1, -1, 0)
        return account
    }

    /// As many known browsers as there may be, and attempts that brought one.
    package static func known() throws -> Account {
        var account = try account("known")
        account.factor = Factor(
            secret: secret(16, 20), parameters: .standard, enrolledAt: Clock.start)
        account.guard.lastStepBegan = Clock.after(180)
        account.guard.browsers = (0..<UInt8(Policy.browsersMax)).map { number in
            KnownBrowser(
                id: BrowserID(rawValue: 0x1112_1314_1516_1700 + UInt64(number)),
                digest: [UInt8](repeating: number, count: BrowserProof.digestBytes),
                createdAt: Clock.after(Int64(number)), failures: number * 2,
                waitsUntil: number < 3 ? .distantPast : Clock.after(Int64(number) + 30))
        }
        let device = DeviceID(rawValue: 0xfedc_ba98_7654_3210)
        let browser = BrowserID(rawValue: 0x0123_4567_89ab_cdef)
        let results: [RememberedAttempt.Result] = [
            .verified(.totp, backupCodesLeft: 10, browser: browser),
            .verified(.backup, backupCodesLeft: 9, wrongCodes: 2, browser: browser),
            .verified(.totp, backupCodesLeft: 8, device: device, browser: browser),
            .verified(
                .backup, backupCodesLeft: 7, wrongCodes: .max, device: device, browser: browser),
        ]
        account.guard.attempts = attempts(results)
        return account
    }

    /// Devices whose newest token has arrived, with and without one before.
    static func arrived() throws -> Account {
        var account = try account("arrived")
        account.factor = Factor(
            secret: secret(15, 20), parameters: .standard, enrolledAt: Clock.start)
        account.devices = (0..<2).map { number in
            Device(
                id: DeviceID(rawValue: 0x0102_0304_0506_0710 + UInt64(number)), label: nil,
                createdAt: Clock.start, usedAt: Clock.after(60),
                current: [UInt8](repeating: number, count: DeviceProof.digestBytes),
                previous: number == 0
                    ? nil : [UInt8](repeating: number + 100, count: DeviceProof.digestBytes),
                hasArrived: true)
        }
        return account
    }

    /// Codes that were wrong since the last yes, and attempts that were told so; and bad device
    /// tokens, which version 6 knew in another place.
    static func guessedAt() throws -> Account {
        var account = try account("guessed at")
        account.factor = Factor(
            secret: secret(14, 20), parameters: .standard, enrolledAt: Clock.start)
        account.guard.lastStepBegan = Clock.after(150)
        account.guard.wrongCodes = 0x0102
        account.guard.deviceFailures.emptyAt = Clock.after(600)
        let device = DeviceID(rawValue: 0xfedc_ba98_7654_3210)
        let results: [RememberedAttempt.Result] = [
            .verified(.totp, backupCodesLeft: 10, wrongCodes: 1),
            .verified(.backup, backupCodesLeft: 9, wrongCodes: 2),
            .verified(.totp, backupCodesLeft: 8, wrongCodes: 3, device: device),
            .verified(.backup, backupCodesLeft: 7, wrongCodes: .max, device: device),
        ]
        account.guard.attempts = attempts(results)
        return account
    }

    /// The oldest first.
    static func drifts(_ all: Int8...) -> Drifts {
        var drifts = Drifts()
        for drift in all { drifts.note(drift) }
        return drifts
    }
}
