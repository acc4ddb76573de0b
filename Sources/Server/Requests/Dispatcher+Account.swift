// Requests about an account. What an operation needs at random is drawn before the lane decides,
// and so is a picture: nothing is kept that cannot be shown.

import Accounts
import Store
import Wire

extension Dispatcher {
    func account(
        _ name: AccountName, _ asked: AskedOperation, _ request: Request, from caller: Caller,
        _ peer: Peer, _ answer: @escaping ReplyHandler
    ) {
        let (op, details) = (request.operation, asked.details)
        let configured = configuration.policy(of: name.app)
        let isGuessedAt = statistics.guesses.isGuessedAt(name.app, at: clock())
        let policy = isGuessedAt ? configured.guessedAt : configured
        if caller != .admin, request.bringsCode {
            statistics.sources.note(request.source, of: name, at: clock())
        }
        if case .rename(let rename) = asked.form {
            return self.rename(name, by: rename, details, request, from: caller, peer, answer)
        }
        let (operation, secret) = ReplySecret.draw(for: asked.form, under: policy)
        let change = AccountChange(
            name: name, id: store.id(of: name), operation: operation, now: clock(), under: policy,
            label: EventLabel(
                op: op.rawValue, peer: peer, reason: details.reason, source: request.source?.text),
            source: request.source.map { address(ofSource: $0, for: name.app, under: policy) },
            replacesUnreadable: details.replacesUnreadable,
            mayOmitEvent: caller != .admin || details.isDryRun)
        @Sendable func submit(_ change: AccountChange, _ secret: ReplySecret) {
            AccountRequest(self, of: caller.party, change, op, details, secret, answer).submit()
        }
        guard case .enroll(let enroll) = asked.form, let form = enroll.qr,
            case .enrolled(let enrolled) = secret
        else { return submit(change, secret) }

        let isTaken = slowWork.submit {
            enrolled.withPicture(form)
        } _: { [self] drawn in
            guard let drawn else { return answer(.refused(Refusal(.unavailable))) }
            submit(change.again(at: clock(), with: .nothing), .enrolled(drawn))
        }
        if !isTaken { answer(.refused(.busy)) }
    }

    private func rename(
        _ name: AccountName, by rename: Rename, _ details: AskedOperation.Details,
        _ request: Request, from caller: Caller, _ peer: Peer, _ answer: @escaping ReplyHandler
    ) {
        let op = request.operation
        let change = AccountChange(
            renaming: name, store.id(of: name), by: rename, store.id(of: rename.name),
            now: clock(), under: configuration.policy(of: name.app),
            configuration.policy(of: rename.name.app),
            label: EventLabel(
                op: op.rawValue, peer: peer, reason: details.reason,
                source: "\(rename.name.app)/\(rename.name.user)"))
        AccountRequest(self, of: caller.party, change, op, details, .none, answer).submit()
    }
}
