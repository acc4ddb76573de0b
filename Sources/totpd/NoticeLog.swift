// Tells the host's log what admins do and what somebody should look at: one structured entry each,
// at a bounded rate. It names users only if the configuration says so. The event loop does not wait
// for it.

import Accounts
import Configuration
import Server
import Store
import Synchronization
import Systemd

final class NoticeLog: Sendable {
    /// Apart, so that an import of a million accounts hides no alert. Twenty are a busy minute at
    /// a support desk; one a second after that is about 60 MB of journal a day, and the events in
    /// the store have them all.
    private struct Budgets {
        var admin = LineBudget(burst: 20, millisecondsEach: 1_000)
        var alerts = LineBudget(burst: 20, millisecondsEach: 1_000)
    }

    private let journal: Journal?
    private let log: JournalLog
    private let users: Mutex<JournalUsers>
    private let budgets = Mutex(Budgets())

    /// Without a journal the entries are lines of the log.
    init(_ journal: Journal?, _ log: JournalLog, users: JournalUsers = .none) {
        self.journal = journal
        self.log = log
        self.users = Mutex(users)
    }

    /// From the next notice on.
    func name(_ users: JournalUsers) { self.users.withLock { $0 = users } }

    @Sendable func note(_ notice: AdminNotice) {
        let now = MonotonicClock.microseconds() / 1000
        let budget: WritableKeyPath<Budgets, LineBudget> =
            notice.isUrgent ? \.alerts : \.admin
        guard let leftOut = budgets.withLock({ $0[keyPath: budget].spend(at: now) }) else { return }
        let users = self.users.withLock { $0 }
        let isTaken = write(
            Self.message(notice, users, leftOut), Self.fields(notice, users, leftOut),
            notice.isUrgent ? .warning : .notice)
        if !isTaken { budgets.withLock { $0[keyPath: budget].putBack(leftOut) } }
    }

    /// Where the chain of events ends, for whoever checks the store later.
    @Sendable func tell(_ anchor: ChainAnchor) {
        let isTaken = write(
            "the events end at \(anchor)", [("TOTPD_CHAIN", "\(anchor)")], .info)
        if !isTaken { log.warning("the journal did not take where the events end: \(anchor)") }
    }

    private func write(_ message: String, _ fields: [(String, String)], _ level: LogLevel) -> Bool {
        guard let journal else { return log.write(message, level: level) }
        return journal.send(message, level: level, fields: fields)
    }

    static func message(_ notice: AdminNotice, _ users: JournalUsers, _ leftOut: Int) -> String {
        let who: String
        switch (notice.subject, users) {
        case (.app, _), (.totpd, _), (.account, .none): who = ""
        case (.account(_, let id), .hash): who = ", account \(id)"
        case (.account(let name, _), .name): who = ", user \(name.user)"
        }
        let start = notice.alert == nil ? "" : "alert: "
        let app = notice.app.map { ", app \($0)" } ?? ""
        let end = leftOut == 0 ? "" : " (and \(leftOut) before it that are not here)"
        return "\(start)\(notice.op.rawValue)\(app)\(who): \(notice.result)\(end)"
    }

    static func fields(_ notice: AdminNotice, _ users: JournalUsers, _ leftOut: Int) -> [(
        String, String
    )] {
        var fields = [
            ("TOTPD_OP", notice.op.rawValue), ("TOTPD_APP", notice.app?.description ?? ""),
            ("TOTPD_RESULT", notice.result),
            ("TOTPD_PEER_UID", "\(notice.peer.uid)"), ("TOTPD_PEER_PID", "\(notice.peer.pid)"),
        ]
        if let alert = notice.alert { fields.append(("TOTPD_ALERT", alert.rawValue)) }
        if leftOut > 0 { fields.append(("TOTPD_LEFT_OUT", "\(leftOut)")) }
        if users != .none, case .account(_, let id) = notice.subject {
            fields.append(("TOTPD_ACCOUNT", id))
        }
        switch users {
        case .none, .hash: break
        case .name:
            if case .account(let name, _) = notice.subject {
                fields.append(("TOTPD_USER", name.user))
            }
            if let reason = notice.reason { fields.append(("TOTPD_REASON", reason)) }
        }
        return fields
    }
}
