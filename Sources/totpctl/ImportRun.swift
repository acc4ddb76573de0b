// An import under way: rows in, requests out, and a place in the report for each, in the order of
// the rows. It must never count a row as in before the daemon said yes to it.

import AccountLists
import TOTPClient

struct ImportCounts {
    var isIn = 0
    var wrong = 0

    func text(isDryRun: Bool) -> String {
        let verb = isDryRun ? "could come in" : "are in"
        return "\(isIn) accounts \(verb), \(wrong) rows are wrong or were refused"
    }
}

struct ImportRun {
    /// What is known of a row that the report does not have yet.
    private enum Row {
        case asked
        case acceptable
        case wrong(String)
    }

    /// Half of what the daemon takes on one connection.
    private static let underWayMax = 512

    /// Nil in a dry run.
    private let client: TOTPClient?
    private let report: ImportReport
    private let app: String
    private let replaces: Bool
    private var underWay: [(number: Int, row: Row)] = []
    private var counts = ImportCounts()
    private var bar = ProgressBar("import")
    /// App and user of each row so far, to find those that come twice.
    private var seen: Set<String> = []

    init(client: TOTPClient?, report: ImportReport, app: String, replaces: Bool) {
        self.client = client
        self.report = report
        self.app = app
        self.replaces = replaces
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
            guard seen.insert("\(app)/\(account.user)").inserted else {
                return .wrong("user: this user was in an earlier row")
            }
            guard let client else { return .acceptable }
            do {
                try client.send(try question(account, app).line)
            } catch let error as ClientError {
                throw brokenOff(error, at: underWay.first?.number ?? row.number)
            }
            return .asked
        }
    }

    /// Reports the oldest rows, once their answers have come.
    private mutating func settle(_ count: Int) throws {
        for (number, row) in underWay.prefix(count) {
            switch row {
            case .acceptable: try accept(number)
            case .wrong(let reason): try refuse(number, reason)
            case .asked: try take(answer(number), of: number)
            }
        }
        underWay.removeFirst(count)
    }

    private func answer(_ number: Int) throws -> Reply {
        guard let client else { preconditionFailure("a dry run asks nothing") }
        do {
            return try client.receive()
        } catch {
            throw brokenOff(error, at: number)
        }
    }

    private mutating func take(_ reply: Reply, of number: Int) throws {
        if reply.isYes {
            try accept(number)
        } else {
            try refuse(number, RefusedAnswer(reply).description)
        }
    }

    private mutating func accept(_ number: Int) throws {
        counts.isIn += 1
        try report.accepted(number)
        if counts.isIn.isMultiple(of: 1024) { bar.count(counts.isIn) }
    }

    private mutating func refuse(_ number: Int, _ reason: String) throws {
        counts.wrong += 1
        try report.refused(number, reason)
    }

    private func question(_ account: ListedAccount, _ app: String) -> Question {
        Question("import").with("app", app).with("user", account.user)
            .with("secret", account.secret).with("algorithm", account.parameters.algorithm.name)
            .with("digits", account.parameters.digits).with("period", account.parameters.period)
            .with("last_step", account.lastStep).with("backup_codes", account.backupCodes)
            .with("replace", replaces ? true : nil)
    }

    private func brokenOff(_ error: ClientError, at number: Int) -> ControlFault {
        ControlFault(
            "\(error); rows from \(number) on may not be in",
            hint: "run it again: what is in stays as it is")
    }
}
