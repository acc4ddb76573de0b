// An import under way: rows in, requests out, and a place in the report for each, in the order of
// the rows. A row is in when the daemon has said yes to it.

import AccountLists
import TOTPClient

struct ImportRun {
    /// What is known of a row that the report does not have yet.
    private enum Row {
        case asked(warnings: [String])
        /// Nobody could be asked.
        case acceptable(warnings: [String])
        case wrong(String)
    }

    /// An app and a user, compared as the daemon does: by bytes. To Swift é and e + ´ are one.
    private struct Name: Hashable {
        let text: String

        static func == (left: Name, right: Name) -> Bool {
            left.text.utf8.elementsEqual(right.text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// What a dry run is told.
    private struct Foretold: Decodable {
        enum Effect: String, Decodable {
            case enroll, replace, add, keep
        }

        let would: Effect
    }

    private static let alike =
        "a user of an earlier row differs only in capitals or in how letters are written; to totpd "
        + "these are two"

    /// Half of what the daemon takes on one connection.
    private static let underWayMax = 512

    private let daemon: ImportDaemon
    private let report: ImportReport
    private let total: Int
    private let app: String
    private let replaces: Bool
    private let isDryRun: Bool
    private let allowsShort: Bool
    private var underWay: [(number: Int, row: Row)] = []
    private var counts = ImportCounts()
    private var bar = ProgressBar("import")
    /// Of each row so far, to find those that come twice, and those that a person would take for
    /// one.
    private var seen: Set<Name> = []
    private var seenAlike: Set<String> = []

    init(
        _ daemon: ImportDaemon, report: ImportReport, total: Int, app: String, replaces: Bool,
        isDryRun: Bool, allowsShort: Bool
    ) {
        self.daemon = daemon
        self.report = report
        self.total = total
        self.app = app
        self.replaces = replaces
        self.isDryRun = isDryRun
        self.allowsShort = allowsShort
    }

    mutating func take(_ row: ListRow) throws {
        underWay.append((row.number, try ask(row)))
        if underWay.count >= Self.underWayMax { try settle(Self.underWayMax / 2) }
    }

    /// Waits for what is still under way.
    mutating func finish() throws -> ImportCounts {
        try settle(underWay.count)
        bar.end()
        return counts
    }

    /// Sends a row's request, where it is one.
    private mutating func ask(_ row: ListRow) throws -> Row {
        switch row.account {
        case .failure(let fault): return .wrong(fault.description)
        case .success(let account):
            let app = account.app ?? self.app
            if let apps = daemon.apps, !apps.contains(app) {
                return .wrong("app: the configuration names no such app; --any-app accepts it")
            }
            // An app's name has no slash.
            let isNew = seen.insert(Name(text: "\(app)/\(account.user)")).inserted
            guard isNew || account.adds else {
                return .wrong("user: this user is in an earlier row")
            }
            var warnings = account.warnings
            let key = "\(app)/\(LookAlike.key(of: account.user))"
            if isNew, !seenAlike.insert(key).inserted { warnings.append(Self.alike) }
            guard let client = daemon.client else { return .acceptable(warnings: warnings) }
            do {
                try client.send(try question(account, app).line)
            } catch let error as ClientError {
                throw brokenOff(error, at: underWay.first?.number ?? row.number)
            }
            return .asked(warnings: warnings)
        }
    }

    /// Reports the oldest rows, once their answers have come.
    private mutating func settle(_ count: Int) throws {
        for (number, row) in underWay.prefix(count) {
            switch row {
            case .acceptable(let warnings): accept(number, "looks right", warnings)
            case .wrong(let reason): refuse(number, reason)
            case .asked(let warnings): try take(answer(number), of: number, warnings)
            }
            let done = counts.isIn + counts.wrong
            if done.isMultiple(of: 1024) { bar.draw(done, of: total) }
        }
        underWay.removeFirst(count)
    }

    private mutating func answer(_ number: Int) throws -> Reply {
        guard let client = daemon.client else {
            preconditionFailure("nothing was asked without a daemon")
        }
        do {
            return try client.receive()
        } catch {
            throw brokenOff(error, at: number)
        }
    }

    private mutating func take(_ reply: Reply, of number: Int, _ warnings: [String]) throws {
        guard reply.isYes else {
            let refusal = RefusedAnswer(reply)
            if refusal.name == "already_enrolled" { counts.enrolledOtherwise += 1 }
            return refuse(number, refusal.description)
        }
        let answer = try AdminAnswer(reply)
        var warnings = warnings
        if let wait = try answer.clockBehind {
            counts.behind += 1
            let taken = isDryRun ? "would be taken" : "is taken"
            warnings.append("no code of it \(taken) for \(wait) s: totpd's clock was ahead once")
        }
        guard isDryRun else { return accept(number, "in", warnings) }
        switch try answer.read(Foretold.self).would {
        case .enroll: accept(number, "would come in", warnings)
        case .replace:
            counts.replaced += 1
            accept(number, "would replace another factor", warnings)
        case .add: accept(number, "would come beside others", warnings)
        case .keep:
            counts.kept += 1
            accept(number, "is there already", warnings)
        }
    }

    private mutating func accept(_ number: Int, _ words: String, _ warnings: [String]) {
        counts.isIn += 1
        if !warnings.isEmpty { bar.end() }
        report.accepted(number, words, warnings)
    }

    private mutating func refuse(_ number: Int, _ reason: String) {
        counts.wrong += 1
        // Else the bar would stand before the sentence.
        bar.end()
        report.refused(number, reason)
    }

    private func question(_ account: ListedAccount, _ app: String) -> AdminQuery {
        AdminQuery("import").with("app", app).with("user", account.user)
            .with("secret", account.secret).with("algorithm", account.parameters.algorithm.name)
            .with("digits", account.parameters.digits).with("period", account.parameters.period)
            .with("last_step", account.lastStep).with("backup_codes", account.backupCodes)
            .with("replace", replaces && !account.adds ? true : nil)
            .with("add", account.adds ? true : nil).with("name", account.name)
            .with("allow_short", allowsShort ? true : nil).with("dry_run", isDryRun ? true : nil)
    }

    private mutating func brokenOff(_ error: ClientError, at number: Int) -> ControlFault {
        bar.end()
        return ControlFault(
            isDryRun ? "\(error)" : "\(error); rows from \(number) on may be missing",
            hint: "run it again: accounts that are in stay as they are")
    }
}
