// An event about no single account: what an admin asked of a whole app or of totpd, or what totpd
// found of itself. Nothing is decided. It is kept before what it tells of is done.

import Accounts

package final class EventChange: Sendable {
    /// Nil for what is about all of totpd.
    package let app: AppName?
    package let now: Instant
    package let label: EventLabel
    package let stage: WorkStage
    package let alert: Alert?

    package init(
        of app: AppName?, now: Instant, label: EventLabel, stage: WorkStage = .asked,
        alert: Alert? = nil
    ) {
        (self.app, self.now, self.label) = (app, now, label)
        (self.stage, self.alert) = (stage, alert)
    }
}
