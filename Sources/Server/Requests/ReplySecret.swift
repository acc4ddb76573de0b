// What is drawn at random for a request, and shown by its reply alone, if the answer is yes. The
// store gets hashes of tokens, and a factor's secret.

import Accounts
import OneTimeCodes
import Secrets
import Wire

enum ReplySecret: Sendable {
    case none
    /// The token that a device will carry.
    case device(DeviceToken)
    /// The tokens that a `verify` wants for its browser: to be remembered, to be known.
    case browser(DeviceToken?, BrowserToken?)
    case enrolled(Enrolled)

    var device: DeviceToken? {
        switch self {
        case .device(let token): return token
        case .browser(let token, _): return token
        case .none, .enrolled: return nil
        }
    }

    var browser: BrowserToken? {
        if case .browser(_, let token) = self { return token }
        return nil
    }

    /// Completes an operation with what it needs at random.
    static func draw(
        for form: AskedOperation.Form, under policy: AppPolicy
    ) -> (any Operation, ReplySecret) {
        switch form {
        case .complete(let operation): return (operation, .none)
        case .rename(let operation): return (operation, .none)
        case .verify(let asked, let wishes): return verify(asked, wishes)
        case .trusted(let token):
            let secret = Randomness.secret(DeviceToken.secretBytes)
            let next = token?.renewed(with: secret)
            let trusted = Trusted(token: token?.proof, next: next?.proof.digest ?? [])
            return (trusted, next.map { .device($0) } ?? .none)
        case .enroll(let request): return enroll(request, under: policy)
        }
    }

    private static func verify(
        _ asked: Verify, _ wishes: VerifyWishes
    ) -> (any Operation, ReplySecret) {
        var verify = asked
        var (device, browser): (DeviceToken?, BrowserToken?)
        if wishes.isRemembered {
            let token = DeviceToken(
                series: Randomness.secret(DeviceToken.seriesBytes),
                secret: Randomness.secret(DeviceToken.secretBytes))
            verify.device = NewDevice(proof: token.proof, label: wishes.label)
            device = token
        }
        if wishes.isKnown {
            let token = BrowserToken(Randomness.secret(BrowserToken.bytes))
            verify.browser.next = token.proof
            browser = token
        }
        return (verify, .browser(device, browser))
    }

    private static func enroll(
        _ request: EnrollRequest, under policy: AppPolicy
    ) -> (any Operation, ReplySecret) {
        let parameters = request.parameters.over(policy.parameters)
        let secret = Randomness.secret(parameters.algorithm.secretBytes)
        let enroll = Enroll(
            secret: secret, parameters: parameters, code: request.code, attempt: request.attempt,
            adds: request.adds, name: request.name)
        let uri = ProvisioningURI(
            issuer: request.issuer ?? policy.issuer, label: request.label, secret: secret,
            parameters: parameters
        ).text
        let enrolled = Enrolled(
            secret: Base32.encode(secret), uri: uri, qr: nil, expiresIn: Policy.pendingLifetime)
        return (enroll, .enrolled(enrolled))
    }
}
