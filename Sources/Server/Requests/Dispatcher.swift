// From a request to a reply: stamps the time, draws random bytes, has slow work done, and asks the
// queue for a decision. It decides nothing about an account itself.

import Accounts
import FoundationEssentials
import OneTimeCodes
import QRCode
import Secrets
import Store
import Synchronization
import Wire

package final class Dispatcher: Sendable {
    /// Gets the reply of a request, once.
    package typealias ReplyHandler = @Sendable (Reply) -> Void

    let version: String
    let store: any AccountStore
    let configuration: LiveConfiguration
    let queue: any ChangeQueue
    let slowWork: any SlowWork
    let clock: @Sendable () -> Instant
    /// Gets a sentence about an account's records that cannot be used.
    let warn: @Sendable (String) -> Void
    /// What the event loop counts; called there.
    let loopFigures: @Sendable () -> LoopFigures
    let hostClock: @Sendable () -> HostClock
    /// Gets how many steps an accepted code was from the clock's; called on the event loop.
    let noteDrift: @Sendable (Int8, RecordID, Instant) -> Void
    /// Gets how long the clock is behind a step that was used; called on the event loop.
    let noteBehind: @Sendable (Duration, Instant) -> Void
    /// Gets where an app's code came from, if it says so, and for whom; called on the event loop.
    let noteSource: @Sendable (Source?, AccountName) -> Void
    let startedAt: Instant
    let abandoned = AbandonedSweep()
    let limitKeys = LimitKeyCount()
    let standing = StandingReasons()
    /// Whose change of record keys is under way, if it began since the start.
    let rotationTask = Mutex<AdminTask?>(nil)
    /// Gets what an admin did, and every alert; called on the event loop, so it must not wait.
    let note: @Sendable (AdminNotice) -> Void

    package init(
        version: String, store: any AccountStore,
        configuration: LiveConfiguration = LiveConfiguration(), queue: any ChangeQueue,
        slowWork: any SlowWork,
        clock: @escaping @Sendable () -> Instant, warn: @escaping @Sendable (String) -> Void,
        note: @escaping @Sendable (AdminNotice) -> Void = { _ in },
        loopFigures: @escaping @Sendable () -> LoopFigures = { LoopFigures() },
        hostClock: @escaping @Sendable () -> HostClock = HostClock.look,
        noteDrift: @escaping @Sendable (Int8, RecordID, Instant) -> Void = { _, _, _ in },
        noteBehind: @escaping @Sendable (Duration, Instant) -> Void = { _, _ in },
        noteSource: @escaping @Sendable (Source?, AccountName) -> Void = { _, _ in }
    ) {
        self.version = version
        self.store = store
        self.configuration = configuration
        self.queue = queue
        self.slowWork = slowWork
        self.clock = clock
        self.warn = warn
        self.note = note
        self.loopFigures = loopFigures
        self.hostClock = hostClock
        self.noteDrift = noteDrift
        self.noteBehind = noteBehind
        self.noteSource = noteSource
        startedAt = clock()
    }

    /// Calls `answer` exactly once, now or later.
    package func dispatch(
        _ request: Request, from caller: Caller, _ peer: Peer, _ answer: @escaping ReplyHandler
    ) {
        switch request.body {
        case .hello:
            answer(
                .hello(
                    Hello(
                        version: version, caller: caller, pipelineMax: ServerPolicy.pipelineMax,
                        configuredApps: configuration.now.knownApps)))
        case .account(let name, let asked):
            let policy = configuration.policy(of: name.app)
            var context = AccountRequest.Context(
                name: name, details: asked.details, under: policy, op: request.operation,
                caller: caller,
                peer: peer)
            if caller != .admin, request.bringsCode { noteSource(request.source, name) }
            if let source = request.source {
                context.source = address(ofSource: source, for: name.app, under: policy)
                context.sourceText = source.text
            }
            ask(asked.form, context, answer)
        case .admin(let asked):
            dispatch(AdminTask(asked, request.operation, peer), answer)
        case .limit(let app, let request): limit(request, for: app, answer)
        }
    }

    /// Has the account asked, once all is drawn at random that the operation needs.
    private func ask(
        _ form: AskedOperation.Form, _ context: consuming AccountRequest.Context,
        _ answer: @escaping ReplyHandler
    ) {
        let operation: any Operation
        switch form {
        case .complete(let asked): operation = asked
        case .remembering(let verify, let label):
            operation = verify.remembering(context.offer(label: label))
        case .trusted(let token):
            let secret = Randomness.secret(DeviceToken.secretBytes)
            context.device = token?.renewed(with: secret)
            let next = context.device?.proof.digest ?? []
            operation = Trusted(token: token?.proof, next: next)
        case .enroll(let request): return enroll(request, context, answer)
        }
        AccountRequest(self, operation, context, answer).submit(.nothing)
    }

    // MARK: Enrolling

    /// Draws the secret and the picture first, so that nothing is kept that cannot be shown.
    private func enroll(
        _ request: EnrollRequest, _ context: AccountRequest.Context,
        _ answer: @escaping ReplyHandler
    ) {
        let parameters = request.parameters.over(context.policy.parameters)
        let secret = Randomness.secret(parameters.algorithm.secretBytes)
        let operation = Enroll(
            secret: secret, parameters: parameters, code: request.code,
            attempt: request.attempt)
        let uri = ProvisioningURI(
            issuer: request.issuer ?? context.policy.issuer, label: request.label, secret: secret,
            parameters: parameters
        ).text
        var context = context
        guard let form = request.qr else {
            context.enrolled = Self.enrolled(secret, uri, qr: nil)
            return AccountRequest(self, operation, context, answer).submit(.nothing)
        }
        let drawing = context
        let isTaken = slowWork.submit {
            Self.draw(uri, form)
        } _: { [self] qr in
            guard let qr else { return answer(.refused(Refusal(.unavailable))) }
            var context = drawing
            context.enrolled = Self.enrolled(secret, uri, qr: qr)
            AccountRequest(self, operation, context, answer).submit(.nothing)
        }
        if !isTaken { answer(.refused(.busy)) }
    }

    private static func enrolled(_ secret: SecretBytes, _ uri: String, qr: String?) -> Enrolled {
        Enrolled(
            secret: Base32.encode(secret), uri: uri, qr: qr, expiresIn: Policy.pendingLifetime)
    }

    private static func draw(_ uri: String, _ form: EnrollRequest.QRForm) -> String? {
        do throws(QRCodeError) {
            let code = try QRCode(text: uri)
            switch form {
            case .svg: return code.svg()
            case .text: return code.terminalText()
            case .png: return "data:image/png;base64," + Data(try code.png()).base64EncodedString()
            }
        } catch {
            // The limits on names keep every key URI well below what a QR code holds.
            return nil
        }
    }
}

extension Refusal {
    static let busy = Refusal(.busy, detail: "too much is waiting")
}
