// `totpctl check`: opens every record and follows the chain of events. The daemon does it, or this
// program beside it. It changes nothing.

import Accounts
import ArgumentParser
import LMDBStore
import Secrets
import Store

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Open every record of a store, and verify the chain of events.",
        discussion: """
            The daemon makes the check. With --state and --keys it is made here, on a state \
            directory (a daemon may be using it) or on a backup.
            Exit status: 0 all is well, 1 the check could not be made, 2 there are problems. \
            Events that a damaged disk has lost, and of which the trail tells, are named and are \
            no problem.
            """)

    @Option(help: "A state directory or a backup, to read it without the daemon.")
    var state: String?

    @Option(help: "Its key file; - is standard input.")
    var keys: String?

    @Option(help: "Where the events once ended, as the journal has it: NUMBER:HASH.")
    var anchor: String?

    @OptionGroup var admin: AdminSocket

    func validate() throws {
        guard (state == nil) == (keys == nil) else {
            throw ValidationError("--state and --keys go together")
        }
        if let anchor, ChainAnchor(anchor) == nil {
            throw ValidationError("--anchor is NUMBER:HASH, with 64 hexadecimal digits")
        }
    }

    fileprivate struct Report: Decodable {
        let accounts: Int
        let events: Int
        /// Nil where none are lost.
        let lostEvents: Int?
        let losses: [String]?
        let problemCount: Int
        let problems: [String]
    }

    func run() throws {
        try reporting {
            let report: Report
            if let state, let keys {
                report = Report(try examine(state, keys))
            } else {
                let question = AdminQuery("check").with("anchor", anchor)
                let answer = try admin.ask(question, timeout: .seconds(3600))
                report = try answer.read(Report.self)
                if admin.isJSON { print(answer.line) }
            }
            if !admin.isJSON { show(report) }
            if report.problemCount > 0 { throw ControlStatus.no }
        }
    }

    private func show(_ report: Report) {
        for problem in report.problems { print("problem: \(problem)") }
        if report.problemCount > report.problems.count {
            print("and \(report.problemCount - report.problems.count) more")
        }
        for loss in report.losses ?? [] { print("lost: \(loss)") }
        if let count = report.lostEvents, count > 0 { print("\(count) events are lost") }
        print(
            "\(report.accounts) accounts, \(report.events) events, \(report.problemCount) problems")
    }

    private func examine(_ state: String, _ keys: String) throws -> CheckReport {
        _ = SecureHeap.start()
        let store = try LMDBStoreReader(path: state, ring: try OfflineStore.ring(keys))
        defer { store.close() }
        return try store.check(through: anchor.flatMap(ChainAnchor.init))
    }
}

extension Check.Report {
    fileprivate init(_ report: CheckReport) {
        self.init(
            accounts: report.accounts, events: report.events, lostEvents: report.lostEvents,
            losses: report.losses, problemCount: report.problemCount, problems: report.problems)
    }
}
