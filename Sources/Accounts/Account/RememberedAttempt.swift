// An answer that is kept for a client that may not have got it. It holds a hash in place of the
// code.

package struct RememberedAttempt: Equatable, Sendable {
    package enum Result: Equatable, Sendable {
        /// With a device that was remembered with it, and a browser that is known since. Their
        /// tokens are not kept.
        case verified(
            CodeMethod, backupCodesLeft: Int, wrongCodes: UInt16 = 0, device: DeviceID? = nil,
            browser: BrowserID? = nil)
        /// It brought the backup codes that count. Only their hashes are kept.
        case gaveCodes
        /// It brought the secret of the pending enrolment.
        case enrolled
        /// It put an authenticator beside the others.
        case added(AuthenticatorID)
        /// A yes that brought nothing.
        case done
        case wrongCode
        /// What it brought was given again, or is void since: the same request is decided anew, and
        /// no other code or operation takes its place.
        case answered
        /// It came with another code since, and answers for none any more: a memory that could be
        /// asked again and again would tell whoever knows the attempt which code was right, at no
        /// charge.
        case void
    }

    package let tag: AttemptTag
    package let decidedAt: Instant
    package let result: Result

    package init(tag: AttemptTag, decidedAt: Instant, result: Result) {
        self.tag = tag
        self.decidedAt = decidedAt
        self.result = result
    }

    func isFresh(at now: Instant) -> Bool {
        let age = now - decidedAt
        // A clock set back a little must not forget it; one set back far must.
        return age < Policy.attemptLifetime && Duration.zero - Policy.attemptLifetime < age
    }
}

extension Guard {
    /// Brings no more what is void by now.
    mutating func endAttempts(that result: RememberedAttempt.Result) {
        for attempt in attempts where attempt.result == result {
            replace(attempt.tag, by: .answered)
        }
    }

    mutating func replace(_ tag: AttemptTag, by result: RememberedAttempt.Result) {
        guard let index = attempts.firstIndex(where: { $0.tag == tag }) else { return }
        attempts[index] = RememberedAttempt(
            tag: tag, decidedAt: attempts[index].decidedAt, result: result)
    }

    func remembered(_ tag: AttemptTag, at now: Instant) -> RememberedAttempt? {
        attempts.first { $0.tag.attempt == tag.attempt && $0.isFresh(at: now) }
    }

    mutating func remember(_ attempt: RememberedAttempt, at now: Instant) {
        // One that was decided anew has the newest answer alone.
        attempts.removeAll { !$0.isFresh(at: now) || $0.tag.attempt == attempt.tag.attempt }
        while attempts.count >= Policy.attemptsRemembered { attempts.removeFirst() }
        attempts.append(attempt)
    }
}
