// One request on its way through the queue, and back once more for each piece of slow work it
// needs. It answers once, and with `unavailable` whenever the store did not say yes.

import Accounts
import OneTimeCodes
import Secrets
import Store
import Wire

/// A class, because what it knows goes to the lane and back with one count.
final class AccountRequest: Sendable {
    /// What is known of a request before it is decided.
    struct Context: Sendable {
        let name: AccountName
        let details: AskedOperation.Details
        /// Of its app, when it was asked.
        let policy: AppPolicy
        let op: OperationName
        let peer: Peer
        /// An admin asked: whatever comes of it is told to the host's log. Nothing comes of a dry
        /// run, and the log must not say that somebody was imported.
        let isNoted: Bool
        /// What is charged beside the account.
        var source: LimitAddress?
        /// The same as the request says it, for the event of a refusal.
        var sourceText: String?
        /// The reply of an enrolment, drawn beforehand.
        var enrolled: Enrolled?
        /// The token that a device will carry if the decision is yes.
        var device: DeviceToken?

        init(
            name: AccountName, details: AskedOperation.Details, under policy: AppPolicy,
            op: OperationName, caller: Caller, peer: Peer
        ) {
            self.name = name
            self.details = details
            self.policy = policy
            self.op = op
            self.peer = peer
            isNoted = caller == .admin && !details.isDryRun
        }

        /// Draws the token of a new device.
        mutating func offer(label: String?) -> NewDevice {
            let token = DeviceToken(
                series: Randomness.secret(DeviceToken.seriesBytes),
                secret: Randomness.secret(DeviceToken.secretBytes))
            device = token
            return NewDevice(proof: token.proof, label: label)
        }
    }

    private let dispatcher: Dispatcher
    private let operation: any Operation
    private let context: Context
    private let id: RecordID
    private let answer: Dispatcher.ReplyHandler
    /// The codes behind `Prepared.newBackupCodes`, to be shown once if the change is kept.
    private let newCodes: [BackupCode]
    private let preparations: Int

    init(
        _ dispatcher: Dispatcher, _ operation: any Operation, _ context: Context,
        _ answer: @escaping Dispatcher.ReplyHandler
    ) {
        self.dispatcher = dispatcher
        self.operation = operation
        self.context = context
        self.answer = answer
        id = dispatcher.store.id(of: context.name)
        newCodes = []
        preparations = 0
    }

    /// The same once more, with slow work done.
    private init(again before: AccountRequest, newCodes: [BackupCode]) {
        dispatcher = before.dispatcher
        operation = before.operation
        context = before.context
        answer = before.answer
        id = before.id
        self.newCodes = newCodes
        preparations = before.preparations + 1
    }

    func submit(_ prepared: Prepared) {
        let label = EventLabel(
            op: context.op.rawValue, peer: context.peer, reason: context.details.reason,
            source: context.sourceText)
        let change = AccountChange(
            name: context.name, id: id, operation: operation, now: dispatcher.clock(),
            under: context.policy, prepared: prepared, label: label, source: context.source,
            replacesUnreadable: context.details.replacesUnreadable, mayOmitEvent: !context.isNoted)
        let isTaken = dispatcher.queue.submit(.account(change) { self.take($0) })
        if !isTaken { finish(.refused(.busy)) }
    }

    private func take(_ result: Result<AccountResult, StoreFault>) {
        switch result {
        case .success(.decided(.needs(let preparation), _)): prepare(preparation)
        case .success(.decided(.accepted(let acceptance), let alert)):
            noteClockSkew(acceptance)
            finish(reply(to: acceptance), alert)
        case .success(.decided(.refused(let refusal), let alert)):
            noteClockBehind(refusal)
            finish(.refused(refusal), alert)
            if refusal.name == .tooManyAccounts {
                dispatcher.sweepAbandoned(of: context.name.app)
            }
        case .success(.unreadable(let fault)):
            dispatcher.warn("the records of account \(id.hex) cannot be used (\(fault))")
            finish(.refused(Refusal(.unavailable)))
        case .success(.unreadableSource(let fault)):
            dispatcher.warn("what some sources have spent cannot be read (\(fault)); they wait")
            finish(.refused(Refusal(.unavailable)))
        case .failure: finish(.refused(Refusal(.unavailable)))
        }
    }

    // MARK: What answers tell of the host's clock

    private func noteClockBehind(_ refusal: Refusal) {
        guard refusal.name == .clockBehind, let wait = refusal.retryAfter else { return }
        dispatcher.noteBehind(wait, dispatcher.clock())
    }

    private func noteClockSkew(_ acceptance: Acceptance) {
        guard case .verified(let verified) = acceptance, let drift = verified.drift else { return }
        dispatcher.noteDrift(drift, id, dispatcher.clock())
    }

    // MARK: The reply

    /// The one way out.
    private func finish(_ reply: Reply, _ alert: Alert? = nil) {
        if context.isNoted || alert != nil {
            dispatcher.note(
                AdminNotice(
                    op: context.op, about: .account(context.name, id: id.hex), peer: context.peer,
                    reason: context.details.reason, refusal: reply.refusal?.name, alert: alert))
        }
        answer(reply)
    }

    private func reply(to acceptance: Acceptance) -> Reply {
        switch acceptance {
        case .verified(let verified):
            return .verified(verified, device: verified.device == nil ? nil : context.device)
        case .trusted(let device, let isTokenReplaced):
            return .trusted(device, device: isTokenReplaced ? context.device : nil)
        case .history(let history): return .history(history)
        case .status(let status): return .status(status)
        case .shown(let details): return .shown(details)
        case .enrolled:
            guard let enrolled = context.enrolled else {
                preconditionFailure("only enroll enrols, and it brings its reply along")
            }
            return .enrolled(enrolled)
        case .behind(let wait): return .behind(wait)
        case .wouldImport(let effect): return .wouldImport(effect)
        case .done:
            let isShown = !newCodes.isEmpty && context.details.backupCodes.isEmpty
            return isShown ? .backupCodes(newCodes) : .done
        }
    }

    private func backupCodes() -> [BackupCode] {
        guard context.details.backupCodes.isEmpty else { return context.details.backupCodes }
        return (0..<Policy.backupCodes).map { _ in BackupCode.random() }
    }

    /// Has the hashes made that the decision asked for, and submits it again.
    private func prepare(_ preparation: Preparation) {
        guard preparations < ServerPolicy.preparationsMax else { return finish(.refused(.busy)) }
        let fresh = preparation.newBackupCodes ? backupCodes() : []
        let again = AccountRequest(
            again: self, newCodes: preparation.newBackupCodes ? fresh : newCodes)
        let store = dispatcher.store
        let isTaken = dispatcher.slowWork.submit {
            var prepared = Prepared()
            if let salt = preparation.salt, case .backup(let code) = again.context.details.code {
                let hash = store.hash(backupCode: Array(code.canonical.utf8), salt: salt)
                prepared.submitted = Prepared.BackupCodeHash(salt: salt, hash: hash)
            }
            if !again.newCodes.isEmpty {
                let salt =
                    preparation.newCodesSalt ?? Randomness.bytes(PasswordHash.saltBytes)
                prepared.newBackupCodes = BackupCodeSet(
                    salt: salt,
                    hashes: again.newCodes.map {
                        store.hash(backupCode: Array($0.canonical.utf8), salt: salt)
                    })
            }
            return prepared
        } _: { prepared in
            again.submit(prepared)
        }
        if !isTaken { finish(.refused(.busy)) }
    }
}

extension Reply {
    var refusal: Refusal? {
        if case .refused(let refusal) = self { return refusal }
        return nil
    }
}

extension RecordID {
    /// As it stands in the store, for a log.
    var hex: String {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64($0))) }
        let rest = (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64($0))) }
        return Hex.encode(bytes + rest)
    }
}
