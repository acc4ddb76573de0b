// The answers to what an admin asks about the whole of totpd, and how they are written. Secrets and
// codes have no field in them.

import JSON

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
            writer.field("limit_keys", row.limitKeys)
            writer.field("connections", row.connections)
            writer.field("requests", row.requests)
        }
        write(page.limitKeys)
        if let cursor = page.cursor { field("cursor", cursor.description) }
    }

    private mutating func write(_ page: UsersPage) {
        nested("users", each: page.rows) { writer, row in
            writer.field("user", row.user)
            writer.field("enrolled", row.status.isEnrolled)
            writer.field("pending", row.status.isPending)
            if let at = row.status.enrolledAt { writer.field("enrolled_at", at.seconds) }
            if row.status.isWeak { writer.field("weak", true) }
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
        if let source = event.source {
            field(event.op == OperationName.rename.rawValue ? "to" : "source", source)
        }
    }

    private mutating func write(_ result: BackupResult) {
        field("accounts", result.accounts)
        field("events", result.events)
        field("bytes", result.bytes)
    }

    private mutating func write(_ result: CheckResult) {
        field("accounts", result.accounts)
        field("events", result.events)
        if result.lostEvents > 0 {
            field("lost_events", result.lostEvents)
            field("losses", result.losses)
        }
        field("problem_count", result.problemCount)
        field("problems", result.problems)
    }
}
