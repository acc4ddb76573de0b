// What an admin is answered about the whole of totpd, and how it is written. It must never hold a
// secret or a code.

import Accounts

package enum AdminReply: Sendable {
    case sources(SpentSources)
    case apps(AppsPage)
    case users(UsersPage)
    case events(EventsPage)
    /// From here on the connection gets events, those behind `after`.
    case watching(EventFilter, after: UInt64)
    case checked(CheckResult)
    case keyRotated(id: String)
    case backedUp(BackupResult)
    case exported(accounts: Int, unreadable: Int)
    case stats(Figures)
    case metrics(Metrics)
    case health(Health)
}

package struct AppsPage: Sendable {
    package struct Row: Sendable {
        package let app: AppName
        package let accounts: Int
        package let connections: Int
        /// Since the start.
        package let requests: Int

        package init(app: AppName, accounts: Int, connections: Int, requests: Int) {
            (self.app, self.accounts) = (app, accounts)
            (self.connections, self.requests) = (connections, requests)
        }
    }

    package let rows: [Row]
    /// The app to go on behind; nil at the end.
    package let cursor: AppName?

    package init(rows: [Row], cursor: AppName?) {
        (self.rows, self.cursor) = (rows, cursor)
    }
}

package struct UsersPage: Sendable {
    package struct Row: Sendable {
        package let user: String
        package let status: AccountStatus

        package init(user: String, status: AccountStatus) {
            self.user = user
            self.status = status
        }
    }

    package let rows: [Row]
    /// The account to go on behind, as the store names it; nil at the end.
    package let cursor: String?
    /// Accounts whose records do not open: of whom is not known.
    package let unreadable: Int

    package init(rows: [Row], cursor: String?, unreadable: Int) {
        self.rows = rows
        self.cursor = cursor
        self.unreadable = unreadable
    }
}

package struct EventsPage: Sendable {
    package let rows: [EventRow]
    /// The event to go on from; nil at the end.
    package let cursor: UInt64?
    /// The newest event when the page was asked for.
    package let last: UInt64
    /// Events that do not open, by the first of those that were kept together.
    package let unreadable: [UInt64]

    package init(rows: [EventRow], cursor: UInt64?, last: UInt64, unreadable: [UInt64]) {
        self.rows = rows
        self.cursor = cursor
        self.last = last
        self.unreadable = unreadable
    }
}

/// An event as an admin reads it.
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

package struct CheckResult: Sendable {
    package let accounts: Int
    package let events: Int
    package let problemCount: Int
    /// The first of them, a sentence each. They name records by their keys.
    package let problems: [String]

    package init(accounts: Int, events: Int, problemCount: Int, problems: [String]) {
        self.accounts = accounts
        self.events = events
        self.problemCount = problemCount
        self.problems = problems
    }
}

package struct BackupResult: Sendable {
    package let accounts: Int
    package let events: Int
    package let bytes: Int

    package init(accounts: Int, events: Int, bytes: Int) {
        self.accounts = accounts
        self.events = events
        self.bytes = bytes
    }
}

extension JSONWriter {
    mutating func write(_ reply: AdminReply) {
        switch reply {
        case .sources(let spent): write(spent)
        case .apps(let page): write(page)
        case .users(let page): write(page)
        case .events(let page): write(page)
        case .watching(_, let sequence):
            field("watching", true)
            field("cursor", Int64(clamping: sequence))
        case .checked(let result): write(result)
        case .keyRotated(let id): field("key_id", id)
        case .backedUp(let result): write(result)
        case .exported(let accounts, let unreadable):
            field("accounts", accounts)
            field("unreadable", unreadable)
        case .stats(let figures): write(figures)
        case .metrics(let metrics): field("text", metrics.text)
        case .health(let health): write(health)
        }
    }

    private mutating func write(_ page: AppsPage) {
        nested("apps", each: page.rows) { writer, row in
            writer.field("app", row.app.description)
            writer.field("accounts", row.accounts)
            writer.field("connections", row.connections)
            writer.field("requests", row.requests)
        }
        if let cursor = page.cursor { field("cursor", cursor.description) }
    }

    private mutating func write(_ page: UsersPage) {
        nested("users", each: page.rows) { writer, row in
            writer.field("user", row.user)
            writer.field("enrolled", row.status.isEnrolled)
            writer.field("pending", row.status.isPending)
            if let at = row.status.enrolledAt { writer.field("enrolled_at", at.seconds) }
            writer.field("backup_codes_left", row.status.backupCodesLeft)
            writer.field("locked", row.status.isLocked)
        }
        if page.unreadable > 0 { field("unreadable", page.unreadable) }
        if let cursor = page.cursor { field("cursor", cursor) }
    }

    private mutating func write(_ page: EventsPage) {
        nested("events", each: page.rows) { $0.write($1) }
        if !page.unreadable.isEmpty {
            nested("unreadable", each: page.unreadable) { $0.field("seq", Int64(clamping: $1)) }
        }
        field("last", Int64(clamping: page.last))
        if let cursor = page.cursor { field("cursor", Int64(clamping: cursor)) }
    }

    mutating func write(_ event: EventRow) {
        field("seq", Int64(clamping: event.sequence))
        field("at", event.at.seconds)
        field("app", event.app)
        field("user", event.user)
        field("op", event.op)
        field("result", event.result)
        if let method = event.method { field("method", method.rawValue) }
        if let alert = event.alert { field("alert", alert.rawValue) }
        field("uid", Int64(event.uid))
        field("pid", Int64(event.pid))
        if let reason = event.reason { field("reason", reason) }
        if let source = event.source { field("source", source) }
    }

    private mutating func write(_ result: BackupResult) {
        field("accounts", result.accounts)
        field("events", result.events)
        field("bytes", result.bytes)
    }

    private mutating func write(_ result: CheckResult) {
        field("accounts", result.accounts)
        field("events", result.events)
        field("problem_count", result.problemCount)
        field("problems", result.problems)
    }
}
