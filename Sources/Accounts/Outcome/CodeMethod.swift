// The two kinds of code that a person can have. Raw values are part of the protocol.

package enum CodeMethod: String, Equatable, Sendable {
    case totp
    case backup
}
