// Reads whole accounts, which a store does not give out: an operation that keeps the account it is
// asked to decide on.

import Accounts
import Store

private final class Peek: Accounts.Operation, @unchecked Sendable {
    // Unchecked, because a store calls `decide` before `apply` returns, on the caller's thread.
    private(set) var account: Account?

    func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        self.account = account
        return Status().decide(account, at: now, under: policy, with: prepared)
    }
}

extension AccountStore {
    /// The accounts of some names, as the store has them; nil for one that does not open. They are
    /// looked at later than all that is stored, so that no moment of theirs is moved.
    package func accounts(
        of names: [AccountName], at now: Instant = Instant.range.upperBound
    ) throws(StoreFault) -> [Account?] {
        let peeks = names.map { _ in Peek() }
        _ = try apply(
            zip(names, peeks).map { name, peek in
                .account(
                    AccountChange(
                        name: name, id: id(of: name), operation: peek, now: now, under: .standard,
                        label: EventLabel(op: "status", peer: Peer(uid: 0, pid: 0))))
            })
        return peeks.map(\.account)
    }
}
