// From a request to a reply: stamps the time, draws randomness, has slow work done, and asks the
// queue to decide. It must decide nothing about an account itself.

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
    /// Gets where an app's code came from, and for whom; called on the event loop.
    let noteSource: @Sendable (Source, AccountName) -> Void
    let startedAt: Instant
    let abandoned = AbandonedSweep()
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
        noteSource: @escaping @Sendable (Source, AccountName) -> Void = { _, _ in }
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
            var task = AccountRequest.Task(
                name: name, under: policy, op: request.operation, caller: caller, peer: peer)
            if let source = request.source {
                if caller != .admin { noteSource(source, name) }
                task.source = address(ofSource: source, for: name.app, under: policy)
                task.sourceText = source.text
            }
            dispatch(asked, task, answer)
        case .admin(let asked):
            dispatch(AdminTask(asked, request.operation, peer), answer)
        case .limit(let app, let request): limit(request, for: app, answer)
        }
    }

    private func dispatch(
        _ asked: Request.Asked, _ task: consuming AccountRequest.Task, _ answer: @escaping ReplyHandler
    ) {
        switch asked {
        case .enroll(let request): enroll(request, task, answer)
        case .confirm(let code, let attempt):
            decide(Confirm(code: code, attempt: attempt), task, answer)
        case .cancel: decide(Cancel(), task, answer)
        case .verify(let request):
            task.note(request.code)
            let device = request.remember.map { task.offer(label: $0.label) }
            decide(
                Verify(code: request.code, attempt: request.attempt, device: device), task, answer)
        case .renewBackupCodes(let code, let attempt):
            task.note(code)
            decide(RenewBackupCodes(code: code, attempt: attempt), task, answer)
        case .disable(let code, let attempt):
            task.note(code)
            decide(Disable(code: code, attempt: attempt), task, answer)
        case .status: decide(Status(), task, answer)
        case .trusted(let token):
            let secret = Randomness.secret(DeviceToken.secretBytes)
            task.device = token?.renewed(with: secret)
            let next = task.device?.proof.digest ?? []
            decide(Trusted(token: token?.proof, next: next), task, answer)
        case .forget(let which): decide(Forget(which), task, answer)
        case .history: decide(ReadHistory(), task, answer)
        case .show: decide(Show(), task, answer)
        case .reset(let reason, let forgetsFuture):
            task.reason = reason
            task.replacesUnreadable = true
            decide(Reset(forgetsFuture: forgetsFuture), task, answer)
        case .unlock(let reason):
            task.reason = reason
            decide(Unlock(), task, answer)
        case .importFactor(let operation, let codes):
            task.broughtCodes = codes
            if operation.isDryRun { task.isNoted = false }
            decide(operation, task, answer)
        }
    }

    private func decide(
        _ operation: any Operation, _ task: consuming AccountRequest.Task,
        _ answer: @escaping ReplyHandler
    ) {
        AccountRequest(self, operation, task, answer).submit(.nothing)
    }

    // MARK: Enrolling

    /// Draws the secret and the picture first, so that nothing is kept that cannot be shown.
    private func enroll(
        _ request: EnrollRequest, _ task: AccountRequest.Task, _ answer: @escaping ReplyHandler
    ) {
        let parameters = request.parameters.over(task.policy.parameters)
        let secret = Randomness.secret(parameters.algorithm.secretBytes)
        let operation = Enroll(
            secret: secret, parameters: parameters, code: request.code,
            attempt: request.attempt)
        let uri = ProvisioningURI(
            issuer: request.issuer ?? task.policy.issuer, label: request.label, secret: secret,
            parameters: parameters
        ).text
        var task = task
        if let code = request.code { task.note(code) }
        guard let form = request.qr else {
            task.enrolled = Self.enrolled(secret, uri, qr: nil)
            return decide(operation, task, answer)
        }
        let drawing = task
        let isTaken = slowWork.submit {
            Self.draw(uri, form)
        } _: { [self] qr in
            guard let qr else { return answer(.refused(Refusal(.unavailable))) }
            var task = drawing
            task.enrolled = Self.enrolled(secret, uri, qr: qr)
            decide(operation, task, answer)
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
