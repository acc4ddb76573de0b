// What the host's log is told: what an admin did, and what somebody should look at. It must never
// hold a code or a secret, and is made for nothing that an app asks every day.

import Accounts
import Store
import Wire

package struct AdminNotice: Equatable, Sendable {
    package let op: OperationName
    package let name: AccountName
    /// The account as the store names it, which tells nobody who that is.
    package let account: String
    package let peer: Peer
    /// Why an admin did it, in the admin's words.
    package let reason: String?
    /// Nil for a yes.
    package let refusal: ErrorName?
    package let alert: Alert?
    /// How far work is that may fail once it has begun.
    package let stage: Note.Stage?

    package init(
        op: OperationName, name: AccountName, account: String, peer: Peer, reason: String? = nil,
        refusal: ErrorName? = nil, alert: Alert? = nil, stage: Note.Stage? = nil
    ) {
        self.op = op
        self.name = name
        self.account = account
        self.peer = peer
        self.reason = reason
        self.refusal = refusal
        self.alert = alert
        self.stage = stage
    }

    /// What came of it: the alert, where there is one, says more than the refusal that raised it.
    package var result: String { alert?.rawValue ?? refusal?.rawValue ?? stage?.result ?? "ok" }

    /// Whether somebody should look. What an app was refused is told with an alert alone.
    package var isUrgent: Bool { alert != nil || stage?.isFailure ?? false }
}
