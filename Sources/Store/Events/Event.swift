// The audit trail: one event for every change and every refusal. Codes, even wrong ones, and
// secrets have no field in it.

import Accounts
import Secrets

package struct Event: Equatable, Sendable {
    /// From 1, without gaps.
    package let sequence: UInt64
    package let at: Instant
    package let app: String
    package let user: String
    package let label: EventLabel
    /// `ok`, the name of the refusal, or how far something is (`WorkStage`).
    package let result: String
    package let method: CodeMethod?
    package let alert: Alert?

    package init(
        sequence: UInt64, at: Instant, app: String, user: String, label: EventLabel,
        result: String, method: CodeMethod? = nil, alert: Alert? = nil
    ) {
        self.sequence = sequence
        self.at = at
        self.app = app
        self.user = user
        self.label = label
        self.result = result
        self.method = method
        self.alert = alert
    }

    /// The event of a decided change, or nil when it is none. A function, because an initialiser
    /// would be given a copy of the outcome.
    package static func of(
        _ change: AccountChange, _ outcome: Outcome, _ sequence: UInt64
    ) -> Event? {
        guard outcome.isEvent else { return nil }
        let (result, method): (String, CodeMethod?)
        var label = change.label
        switch outcome.answer {
        case .needs: return nil
        case .refused(let refusal): (result, method) = (refusal.name.rawValue, nil)
        case .accepted(let acceptance):
            switch acceptance {
            case .verified(let verified): (result, method) = ("ok", verified.method)
            case .enrolled, .added, .trusted, .status, .shown, .history, .behind, .wouldImport,
                .done:
                (result, method) = ("ok", nil)
            }
            // An admin's own source is no code's, and is kept.
            if change.source != nil { label = label.withoutSource }
        }
        return Event(
            sequence: sequence, at: change.now, app: change.name.app.description,
            user: change.name.user, label: label, result: result, method: method,
            alert: outcome.alert)
    }

    /// The event of a change whose account's records could not be used.
    package init(_ sequence: UInt64, ofUnreadable change: AccountChange) {
        self.init(
            sequence: sequence, at: change.now, app: change.name.app.description,
            user: change.name.user, label: change.label, result: ErrorName.unavailable.rawValue)
    }

    /// About no single account.
    package init(_ sequence: UInt64, of change: EventChange) {
        self.init(
            sequence: sequence, at: change.now, app: change.app?.description ?? "", user: "",
            label: change.label, result: change.stage.result, alert: change.alert)
    }

    /// Stands for events of an app that were left out before the event of a request.
    init(
        _ sequence: UInt64, at now: Instant, of app: AppName, omitted: Int, before label: EventLabel
    ) {
        self.init(
            sequence: sequence, at: now, app: app.description, user: "",
            label: EventLabel(op: "events", peer: label.peer, reason: "\(omitted)"),
            result: Self.omitted)
    }

    /// The result of what no request came to.
    package static let omitted = "omitted"
}
