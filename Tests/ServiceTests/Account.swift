// Somebody whose secret was imported, and the codes of now.

import DaemonHarness
import Foundation
import OneTimeCodes
import Secrets

struct Account: Sendable {
    let user: String
    private let secret: SecretBytes

    /// - Parameter secret: a fresh one, unless many share one so that their codes are made once.
    init(_ user: String, secret: SecretBytes = Randomness.secret(20)) {
        self.user = user
        self.secret = secret
    }

    var importing: String {
        #"{"op":"import","user":"\#(user)","secret":"\#(Base32.encode(secret))"}"#
    }

    /// The code of this step, or of the next: good for a period at least, whenever in a step it is
    /// made. The second may be used after the first.
    func rightCode(_ later: Int64 = 0) -> String { code(later) }

    /// A code that no step near this moment has.
    func wrongCode() -> String {
        let right = Set((-4...4).map { code($0) })
        for digit in 0... {
            let text = String(repeating: "\(digit % 10)", count: 5) + "\(digit / 10)"
            if !right.contains(text) { return text }
        }
        preconditionFailure("nine codes are right, and there are more")
    }

    /// As `importing`, for an app of its own.
    func importing(app: String) -> String {
        importing.replacing("{", with: #"{"app":"\#(app)","#, maxReplacements: 1)
    }

    func verifying(_ code: String, attempt: String? = nil) -> String {
        let attempt = attempt.map { #","attempt":"\#($0)""# } ?? ""
        return #"{"op":"verify","user":"\#(user)","code":"\#(code)"\#(attempt)}"#
    }

    func asking(_ operation: String) -> String { #"{"op":"\#(operation)","user":"\#(user)"}"# }

    private func code(_ later: Int64) -> String {
        let step = TOTP.step(at: Int64(time(nil)), period: 30) + later
        return TOTP.code(secret: secret, step: step, parameters: .standard).text
    }
}
