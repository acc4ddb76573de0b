// An event as an admin reads it.

import Accounts

package struct EventRow: Sendable {
    package let sequence: UInt64
    package let at: Instant
    package let app: String
    package let user: String
    package let op: String
    package let result: String
    package let method: CodeMethod?
    package let alert: Alert?
    package let uid: UInt32
    package let pid: Int32
    package let reason: String?
    package let source: String?

    package init(
        sequence: UInt64, at: Instant, app: String, user: String, op: String, result: String,
        method: CodeMethod?, alert: Alert?, uid: UInt32, pid: Int32, reason: String?,
        source: String?
    ) {
        (self.sequence, self.at, self.app, self.user) = (sequence, at, app, user)
        (self.op, self.result, self.method, self.alert) = (op, result, method, alert)
        (self.uid, self.pid, self.reason, self.source) = (uid, pid, reason, source)
    }
}
