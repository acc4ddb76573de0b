// One request on its way through the queue, and back once more for each piece of slow work it
// needs. It answers once, and with `unavailable` whenever the store did not say yes.

import Accounts
import OneTimeCodes
import Secrets
import Store
import Wire

/// A class, because what it knows goes to the lane and back with one count.
final class AccountRequest: Sendable {
    private let dispatcher: Dispatcher
    private let party: Party
    private let change: AccountChange
    private let op: OperationName
    private let details: AskedOperation.Details
    private let secret: ReplySecret
    private let answer: Dispatcher.ReplyHandler
    /// The codes behind `Prepared.newBackupCodes`, to be shown once if the change is kept.
    private let newCodes: [BackupCode]
    private let preparations: Int

    init(
        _ dispatcher: Dispatcher, of party: Party, _ change: AccountChange, _ op: OperationName,
        _ details: AskedOperation.Details, _ secret: ReplySecret,
        _ answer: @escaping Dispatcher.ReplyHandler
    ) {
        (self.dispatcher, self.party) = (dispatcher, party)
        self.change = change
        self.op = op
        self.details = details
        self.secret = secret
        self.answer = answer
        newCodes = []
        preparations = 0
    }

    /// The same once more, with slow work done.
    private init(again before: AccountRequest, with prepared: Prepared, _ newCodes: [BackupCode]) {
        (dispatcher, party) = (before.dispatcher, before.party)
        change = before.change.again(at: dispatcher.clock(), with: prepared)
        op = before.op
        details = before.details
        secret = before.secret
        answer = before.answer
        self.newCodes = newCodes
        preparations = before.preparations + 1
    }

    func submit() {
        let submission = Submission.account(change) { self.finish($0) }
        let isTaken = dispatcher.queue.submit(submission, of: party)
        if !isTaken { finish(.refused(.busy)) }
    }

    private func finish(_ result: Result<AccountResult, StoreFault>) {
        switch result {
        case .success(.decided(.needs(let preparation), _)): prepare(preparation)
        case .success(.decided(.accepted(let acceptance), let alert)):
            noteClockSkew(acceptance)
            if case .verified = acceptance { noteCode(isRight: true) }
            finish(reply(to: acceptance), alert)
        case .success(.decided(.refused(let refusal), let alert)):
            noteClockBehind(refusal)
            if refusal.name == .wrongCode { noteCode(isRight: false) }
            finish(.refused(refusal), alert)
            if refusal.name == .tooManyAccounts {
                dispatcher.sweepAbandoned(of: change.name.app)
            }
        case .success(.unreadable(let fault)):
            dispatcher.warn("the records of account \(change.id.hex) cannot be used (\(fault))")
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
        dispatcher.statistics.behind.note(wait, at: dispatcher.clock())
    }

    private func noteClockSkew(_ acceptance: Acceptance) {
        guard case .verified(let verified) = acceptance, let drift = verified.drift else { return }
        dispatcher.statistics.skew.note(drift, of: change.id, at: dispatcher.clock())
    }

    // MARK: What answers tell of guessers

    private func noteCode(isRight: Bool) {
        // What an admin tries is no app's.
        guard change.mayOmitEvent else { return }
        let app = change.name.app
        let areTooMany = dispatcher.statistics.guesses.note(
            isRight: isRight, of: app, at: dispatcher.clock())
        guard areTooMany else { return }
        dispatcher.warn(
            "many more codes of app \(app) are wrong today than is usual: somebody"
                + " guesses, and accounts with a wrong code accept one step instead of three")
    }

    // MARK: The reply

    /// The one way out. Whatever comes of what an admin asked is told to the host's log, but for a
    /// dry run: nothing comes of it, and the log must not say that somebody was imported.
    private func finish(_ reply: Reply, _ alert: Alert? = nil) {
        if !change.mayOmitEvent || alert != nil {
            dispatcher.note(
                AdminNotice(
                    op: op, about: .account(change.name, id: change.id.hex),
                    peer: change.label.peer, reason: details.reason,
                    refusal: reply.refusal?.name, alert: alert))
        }
        answer(reply)
    }

    private func reply(to acceptance: Acceptance) -> Reply {
        switch acceptance {
        case .verified(let verified):
            return .verified(
                verified, device: verified.device == nil ? nil : secret.device,
                browser: verified.isBrowserKnown ? secret.browser : nil)
        case .trusted(let device, let isTokenReplaced):
            return .trusted(device, device: isTokenReplaced ? secret.device : nil)
        case .history(let lines): return .history(lines)
        case .added(let id): return .added(id)
        case .status(let status): return .status(status)
        case .shown(let details): return .shown(details)
        case .enrolled:
            guard case .enrolled(let enrolled) = secret else {
                preconditionFailure("only enroll enrols, and it brings its reply along")
            }
            return .enrolled(enrolled)
        case .behind(let wait): return .behind(wait)
        case .wouldImport(let effect, let wait): return .wouldImport(effect, behind: wait)
        case .done:
            let isShown = !newCodes.isEmpty && details.backupCodes.isEmpty
            return isShown ? .backupCodes(newCodes) : .done
        }
    }

    private func backupCodes() -> [BackupCode] {
        guard details.backupCodes.isEmpty else { return details.backupCodes }
        return (0..<Policy.backupCodes).map { _ in BackupCode.random() }
    }

    /// Has the hashes made that the decision asked for, and submits it again.
    private func prepare(_ preparation: Preparation) {
        guard preparations < ServerPolicy.preparationsMax else { return finish(.refused(.busy)) }
        let newCodes = preparation.newBackupCodes ? backupCodes() : newCodes
        let isTaken = dispatcher.slowWork.submit { [store = dispatcher.store, details] in
            var prepared = Prepared()
            if let salt = preparation.salt, case .backup(let code) = details.code {
                let hash = store.hash(backupCode: Array(code.canonical.utf8), salt: salt)
                prepared.submitted = Prepared.BackupCodeHash(salt: salt, hash: hash)
            }
            if !newCodes.isEmpty {
                let salt = preparation.newCodesSalt ?? Randomness.bytes(PasswordHash.saltBytes)
                prepared.newBackupCodes = BackupCodeSet(
                    salt: salt,
                    hashes: newCodes.map {
                        store.hash(backupCode: Array($0.canonical.utf8), salt: salt)
                    })
            }
            return prepared
        } _: { prepared in
            AccountRequest(again: self, with: prepared, newCodes).submit()
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
