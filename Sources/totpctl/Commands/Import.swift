// `totpctl import`: accounts from another system's file, many at a time. It must never leave a row
// out without saying so, nor ask for one before the whole file is known to be a list. Importing a
// file twice does no more than once.

import AccountLists
import ArgumentParser

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring accounts in from a file.",
        discussion: """
            Formats: otpauth (links, one a line, each with the user in front or not), csv (columns \
            user, secret or secret_hex or otpauth, algorithm, digits, period, last_step, app), \
            pskc (RFC 6030, plain values), ndjson (what export writes). '-' reads standard input.
            A row comes in only if all of it was understood. Rows that are wrong, or that the \
            daemon refuses, are listed with their numbers; all others come in. The same file again \
            changes nothing: after a break, run it again.
            Exit status: 0 every row came in; 1 the daemon or a file could not be asked or read; 2 \
            some rows did not come in, or the file is no list, or has no row.
            """)

    @Argument(help: "The file.")
    var file: String
    @Option(help: "otpauth, csv, pskc or ndjson (default: by what the file begins with).")
    var format: ListFormat?
    @Option(help: "The app of rows that do not name one.")
    var app = "default"
    @Flag(help: "Take apps that the daemon's configuration does not name, too.")
    var anyApp = false
    @Flag(help: "Ask the daemon what would become of every row, and change nothing.")
    var dryRun = false
    @Flag(help: "An account that has a factor gets this one instead, and loses its backup codes.")
    var replace = false
    @Option(help: "Write the report of every row to this new file, instead of the wrong ones here.")
    var report: String?
    @OptionGroup var consent: Confirmation
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            let list = try ImportList(file: file, format: format)
            let daemon = try daemon()
            if let apps = daemon.apps { try list.expect(app, among: apps) }
            if replace, !dryRun {
                try consent.ask("Accounts that have a second factor lose it to the one in the file")
            }

            var run = ImportRun(
                daemon, report: try ImportReport(path: report), total: list.rows,
                app: app, replaces: replace, isDryRun: dryRun)
            try list.read { try run.take($0) }
            let counts = try run.finish()

            if dryRun { print(list.firstUsersText) }
            print(counts.text(isDryRun: dryRun))
            if let fault = daemon.fault { throw fault }
            if counts.wrong > 0 { throw ControlStatus.no }
        }
    }

    /// Who is asked. A dry run without a daemon still looks at the rows, and then says what it
    /// could not ask.
    private func daemon() throws -> ImportDaemon {
        do {
            return try ImportDaemon(admin.connect(), anyApp: anyApp)
        } catch let fault as ControlFault where dryRun {
            return ImportDaemon(fault: fault)
        }
    }
}

extension ListFormat: ExpressibleByArgument {}
