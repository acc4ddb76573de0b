// `totpctl check`: opens every record and follows the chain of events, beside a daemon that serves.
// It changes nothing, and must never say that all is well when it could not look.

import ArgumentParser
import LMDBStore
import Secrets
import Store

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Open every record of a store, and verify the chain of events.",
        discussion:
            "Exit status: 0 all is well, 1 the check could not be made, 2 there are problems.")

    @Option(help: "The directory of the store.")
    var state: String

    @Option(help: "The file of master keys.")
    var keys: String

    func run() throws {
        let report: CheckReport
        do {
            report = try examine()
        } catch {
            printError("totpctl: \(error)")
            throw ExitCode(1)
        }
        for problem in report.problems { print("problem: \(problem)") }
        if report.problemCount > report.problems.count {
            print("and \(report.problemCount - report.problems.count) more")
        }
        print(
            "\(report.accounts) accounts, \(report.events) events, \(report.problemCount) problems")
        if report.problemCount > 0 { throw ExitCode(2) }
    }

    private func examine() throws -> CheckReport {
        _ = SecureHeap.start()
        let ring: KeyRing
        do {
            ring = try KeyFile.read(keys)
        } catch {
            throw CheckFault("key file '\(keys)': \(error)")
        }
        let store = try LMDBStoreReader(path: state, ring: ring)
        defer { store.close() }
        return try store.check()
    }
}

struct CheckFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
