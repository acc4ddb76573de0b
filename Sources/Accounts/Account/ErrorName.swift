// The names of refusals: part of the protocol, never changed, never reused.

package enum ErrorName: String, CaseIterable, Sendable {
    case badRequest = "bad_request"
    case unknownOp = "unknown_op"
    case tooLong = "too_long"
    case notPermitted = "not_permitted"
    case notEnrolled = "not_enrolled"
    case enrollmentRequired = "enrollment_required"
    case alreadyEnrolled = "already_enrolled"
    case codeRequired = "code_required"
    case noEnrollment = "no_enrollment"
    case enrollmentExpired = "enrollment_expired"
    case wrongCode = "wrong_code"
    case replayed
    case throttled
    case tooManyKeys = "too_many_keys"
    case tooManyAccounts = "too_many_accounts"
    case tooManyAuthenticators = "too_many_authenticators"
    case noAuthenticator = "no_authenticator"
    case lastAuthenticator = "last_authenticator"
    case nameTaken = "name_taken"
    case notTrusted = "not_trusted"
    case clockBehind = "clock_behind"
    case locked
    case tooSlow = "too_slow"
    case busy
    case unavailable
}
