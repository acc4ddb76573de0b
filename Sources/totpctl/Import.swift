// `totpctl import`: accounts from another system's file, many at a time. It must never print what a
// row says, nor leave a row out without saying so. Importing a file twice does no more than once.

import AccountLists
import ArgumentParser
import Foundation

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring accounts in from a file.",
        discussion: """
            Formats: otpauth (links, one a line, each with the user in front or not), csv (columns \
            user, secret or secret_hex, algorithm, digits, period, last_step, app), pskc (RFC \
            6030, plain values), ndjson (what export writes). '-' reads standard input.
            Rows that are wrong, or that the daemon refuses, are listed with their numbers; all \
            others come in. The same file again changes nothing: after a break, run it again.
            Exit status: 0 every row came in, 2 some did not.
            """)

    @Argument(help: "The file.")
    var file: String
    @Option(help: "otpauth, csv, pskc or ndjson (default: by what the file begins with).")
    var format: ListFormat?
    @Option(help: "The app of rows that do not name one.")
    var app = "default"
    @Flag(help: "Look at every row, and ask the daemon nothing.")
    var dryRun = false
    @Flag(help: "An account that has a factor gets this one instead, and loses its backup codes.")
    var replace = false
    @Option(help: "Write the report of every row to this new file, instead of the wrong ones here.")
    var report: String?
    @OptionGroup var consent: Consent
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            if replace, !dryRun {
                try consent.ask("Accounts that have a second factor lose it to the one in the file")
            }
            let text = try Self.text(of: file)
            let report = try ImportReport(path: report)
            var run = ImportRun(
                client: dryRun ? nil : try admin.connect(), report: report, app: app,
                replaces: replace)
            do {
                try AccountList.read(text, as: format ?? ListFormat(of: text)) { try run.take($0) }
            } catch let fault as ListFault {
                throw ControlFault("'\(file)': \(fault)")
            }
            let counts = try run.finish()
            print(counts.text(isDryRun: dryRun))
            if counts.wrong > 0 { throw ControlStatus.no }
        }
    }

    private static func text(of file: String) throws -> String {
        do {
            let data =
                file == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data()
                : try Data(contentsOf: URL(filePath: file))
            guard let text = String(validating: data, as: UTF8.self) else {
                throw ControlFault("'\(file)' is not UTF-8")
            }
            return text
        } catch let fault as ControlFault {
            throw fault
        } catch {
            throw ControlFault("'\(file)' cannot be read (\(error.localizedDescription))")
        }
    }
}

extension ListFormat: ExpressibleByArgument {}
