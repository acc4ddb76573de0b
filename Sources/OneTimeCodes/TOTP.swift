// TOTP (RFC 6238): which step a moment lies in, and which step of a window a code belongs to. It
// always compares every step, so that the time tells nothing.

import Secrets

package enum TOTP {
    /// The step that holds a moment, in seconds since 1970. 64 bits wide, as RFC 6238 §4.2 asks.
    package static func step(at seconds: Int64, period: Int) -> Int64 {
        let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: Int64(period))
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The code of one step.
    package static func code(
        secret: SecretBytes, step: Int64, parameters: CodeParameters
    ) -> TOTPCode {
        var value: UInt32 = 0
        values(secret, parameters, from: step, count: 1) { _, found in value = found }
        return TOTPCode(value: value, digits: parameters.digits)
    }

    /// The newest step within `window` steps of `step` that the code belongs to, or nil.
    ///
    /// Newest, because two steps of a window may have the same code by chance: taking the older one
    /// would leave the same digits good for the newer. Every step is computed and compared in the
    /// same time whatever the code is (CVE-2022-29185).
    package static func newestMatch(
        of code: TOTPCode, secret: SecretBytes, parameters: CodeParameters, around step: Int64,
        window: Int
    ) -> Int64? {
        // A bit for each step that matched; the newest is the highest.
        var matches: UInt64 = 0
        values(secret, parameters, from: step - Int64(window), count: 2 * window + 1) {
            index, value in
            let difference = UInt64(value ^ code.value)
            matches |= ((difference &- 1) >> 63) << UInt64(index)
        }
        let isRightLength = code.digits == parameters.digits
        guard matches != 0 && isRightLength else { return nil }
        return step - Int64(window) + Int64(63 - matches.leadingZeroBitCount)
    }

    /// The newest step, of `count` from `first` on, that the first of two codes belongs to, with
    /// the second one belonging to the step behind it; or nil. Computed and compared as above.
    ///
    /// - Parameter count: 62 at most.
    package static func newestMatch(
        of code: TOTPCode, then next: TOTPCode, secret: SecretBytes, parameters: CodeParameters,
        from first: Int64, count: Int
    ) -> Int64? {
        precondition(count < 63, "a bit for each step, and for the one behind the last")
        var (matches, nextMatches): (UInt64, UInt64) = (0, 0)
        values(secret, parameters, from: first, count: count + 1) { index, value in
            let difference = UInt64(value ^ code.value)
            let nextDifference = UInt64(value ^ next.value)
            matches |= ((difference &- 1) >> 63) << UInt64(index)
            nextMatches |= ((nextDifference &- 1) >> 63) << UInt64(index)
        }
        let pairs = matches & (nextMatches >> 1)
        let isRightLength = code.digits == parameters.digits && next.digits == parameters.digits
        guard pairs != 0 && isRightLength else { return nil }
        return first + Int64(63 - pairs.leadingZeroBitCount)
    }

    private static func values(
        _ secret: SecretBytes, _ parameters: CodeParameters, from first: Int64, count: Int,
        _ receive: (Int, UInt32) -> Void
    ) {
        HMAC.authenticate(parameters.algorithm.hash, key: secret, count: count) { index, message in
            message.storeBytes(of: (first + Int64(index)).bigEndian, as: Int64.self)
            return 8
        } receive: { index, digest in
            receive(index, HOTP.truncate(digest, digits: parameters.digits))
        }
    }
}
