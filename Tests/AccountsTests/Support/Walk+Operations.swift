// The operations of a random walk: each asks, has the answer judged, and follows what it changed.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

extension Walk {
    mutating func verify() {
        let code = code(of: factor)
        let before = account
        let outcome = decide(Verify(code: .totp(code)))
        let isYes = judge(outcome, code, of: factor)
        // The other half of the promise: a right and fresh code is accepted when it may be.
        guard let factor, let step = step(of: code, factor), !isYes else { return }
        let period = secrets[factor].period
        let began = Instant(seconds: step * Int64(period))
        let drift = step - TOTP.step(at: now.seconds, period: period)
        let isFresh = began > before.guard.lastStepBegan
        let isOpen =
            !before.guard.totp.isLocked && before.guard.totp.waitsUntil <= now
            && outcome.answer.error != .clockBehind
        let isOnly = only.map { drift == $0 } ?? true
        #expect(!(isFresh && isOpen && isOnly), "a good code was refused: \(context)")
        if isOpen {
            let isToCome = isFresh && isToCome(step, factor)
            #expect(outcome.answer.error == (isToCome ? .wrongCode : .replayed))
        }
        if began > newestBegan { #expect(isFresh || lastStepWasImported, "\(context)") }
    }

    mutating func verifyBackup() {
        let isRight = !codes.isEmpty && !chance(style.wrong)
        let hash = isRight ? codes[0] : [UInt8](repeating: 255, count: 4)
        let outcome = decide(Verify(code: Given.backup), Given.hashed(hash, salt: salt))
        guard outcome.answer.isYes else { return }
        #expect(isRight)
        model.accept(hash: hash, context)
        codes.removeFirst()
        #expect(account.backupCodesLeft == codes.count)
        // Now and then the same again, which must be refused.
        let again = decide(Verify(code: Given.backup), Given.hashed(hash, salt: salt))
        #expect(!again.answer.isYes, "a backup code twice: \(context)")
    }

    mutating func enroll() {
        let fresh = newSecret()
        guard factor != nil else {
            let enroll = Enroll(secret: secret(fresh), parameters: secrets[fresh])
            if decide(enroll).answer.isYes { pending = fresh }
            return
        }
        let isRescue = !codes.isEmpty && chance(30)
        let code = code(of: factor)
        let enroll = Enroll(
            secret: secret(fresh), parameters: secrets[fresh],
            code: isRescue ? Given.backup : .totp(code))
        guard isRescue else {
            if judge(decide(enroll), code, of: factor) { pending = fresh }
            return
        }
        guard decide(enroll, Given.hashed(codes[0], salt: salt)).answer.isYes else { return }
        model.accept(hash: codes.removeFirst(), context)
        pending = fresh
    }

    mutating func confirm() {
        let code = code(of: pending)
        let prepared = newCodes()
        let isRescue = account.pending?.rescueConfirmations != nil
        let outcome = decide(Confirm(code: code), prepared)
        switch outcome.answer.error {
        case .noEnrollment:
            #expect(pending == nil, "\(context)")
        case .enrollmentExpired:
            pending = nil
            account.pending = nil
        default:
            if judge(outcome, code, of: pending, takesThree: true, isRescue: isRescue) {
                factor = pending
                pending = nil
                model.unlock()
                codes = prepared.newBackupCodes?.hashes ?? []
            } else if account.pending == nil {
                #expect(isRescue, "an enrolment was lost: \(context)")
                pending = nil
            }
        }
    }

    mutating func renew() {
        let code = code(of: factor)
        let prepared = newCodes()
        guard judge(decide(RenewBackupCodes(code: code.submitted), prepared), code, of: factor)
        else { return }
        codes = prepared.newBackupCodes?.hashes ?? []
    }

    mutating func disable() {
        let code = code(of: factor)
        guard judge(decide(Disable(code: code.submitted)), code, of: factor) else { return }
        removeAll()
        #expect(account.factor == nil)
    }

    mutating func cancel() {
        let hadPending = pending != nil
        #expect(decide(Cancel()).answer.isYes == hadPending, "\(context)")
        pending = nil
    }

    mutating func unlock() {
        if decide(Unlock()).answer.isYes {
            model.unlock()
            promised = .distantPast
        }
    }

    /// Often followed by the import of a secret that was in use before.
    mutating func reset() {
        if decide(Reset()).answer.isYes { removeAll() }
        if chance(80) { importSecret(replaces: false) }
    }

    mutating func importSecret(replaces: Bool) {
        let number = secrets.isEmpty || chance(20) ? newSecret() : recentSecret()
        let newest = TOTP.step(at: now.seconds, period: secrets[number].period)
        let lastStep = chance(20) ? newest + Int64.random(in: -5...1, using: &generator) : nil
        let operation = Import(
            secret: secret(number), parameters: secrets[number], lastStep: lastStep,
            replaces: replaces)
        guard decide(operation).answer.isYes else { return }
        lastStepWasImported = lastStepWasImported || lastStep != nil
        // The secret that is there already changes nothing. Failures and waits stay.
        if factor == number { return }
        (factor, pending, codes) = (number, nil, [])
    }

    private mutating func recentSecret() -> Int {
        let first = max(0, secrets.count - 4)
        return Int.random(in: first..<secrets.count, using: &generator)
    }

    private mutating func removeAll() {
        (factor, pending, codes) = (nil, nil, [])
        model.unlock()
        promised = .distantPast
    }

    private mutating func newCodes() -> Prepared {
        codesMade += 1
        let hashes = (0..<3 as Range<UInt32>).map { index in
            let number = (codesMade * 4 + index).bigEndian
            return withUnsafeBytes(of: (number, number, number, number)) { Array($0) }
        }
        return Prepared(newBackupCodes: BackupCodeSet(salt: Given.salt, hashes: hashes))
    }

    /// The salt the account would ask for.
    private var salt: [UInt8] { account.backupCodes?.salt ?? Given.decoySalt }
}

extension TOTPCode {
    fileprivate var submitted: SubmittedCode { .totp(self) }
}
