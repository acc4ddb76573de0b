// What the host's log is told: what an admin did, and what somebody should look at. Requests that
// apps send every day make none. Codes and secrets have no field here.

import Accounts
import Store
import Wire

package struct AdminNotice: Equatable, Sendable {
    package enum Subject: Equatable, Sendable {
        /// With the account as the store names it, which tells nobody who that is.
        case account(AccountName, id: String)
        case app(AppName)
        /// No single app.
        case totpd
    }

    package let op: OperationName
    package let subject: Subject
    package let peer: Peer
    /// Why an admin did it, in the admin's words.
    package let reason: String?
    /// Nil for a yes.
    package let refusal: ErrorName?
    package let alert: Alert?
    /// How far work is that may fail once it has begun.
    package let stage: WorkStage?

    package init(
        op: OperationName, about subject: Subject, peer: Peer, reason: String? = nil,
        refusal: ErrorName? = nil, alert: Alert? = nil, stage: WorkStage? = nil
    ) {
        self.op = op
        self.subject = subject
        self.peer = peer
        self.reason = reason
        self.refusal = refusal
        self.alert = alert
        self.stage = stage
    }

    package var app: AppName? {
        switch subject {
        case .account(let name, _): return name.app
        case .app(let app): return app
        case .totpd: return nil
        }
    }

    /// What came of it: the alert, where there is one, says more than the refusal that raised it.
    package var result: String { alert?.rawValue ?? refusal?.rawValue ?? stage?.result ?? "ok" }

    /// Whether somebody should look. What an app was refused is told with an alert alone.
    package var isUrgent: Bool { alert != nil || stage?.isFailure ?? false }
}
