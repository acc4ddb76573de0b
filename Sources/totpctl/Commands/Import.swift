// `totpctl import`: accounts from another system's file, many at a time. The whole file is read
// first, and every row is in the report. Importing a file twice does no more than once.

import AccountLists
import ArgumentParser

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring accounts in from a file.",
        discussion: """
            Formats:
              otpauth  links, one a line; the user may come before the link
              csv      columns user, secret or secret_hex or otpauth, algorithm, digits, period, \
            last_step, app
              pskc     RFC 6030, plain values
              ndjson   what export writes
              aegis, andotp, bitwarden, freeotp, keycloak, 2fas
                       unencrypted backups, in JSON; csv also reads KeePassXC's export, and \
            otpauth the links of Google Authenticator's
            '-' reads standard input.
            A row comes in only if all of it was understood. Rows that are wrong, or that the \
            daemon refuses, are listed with their numbers. All others come in. Importing the same \
            file again changes nothing: after an interruption, run it again.
            Exit status:
              0  every row came in, and its codes are taken
              1  the daemon or a file could not be reached
              2  some rows did not come in, or cannot log in yet; or the file is no list, or has \
            no rows
            """)

    @Argument(help: "The file.")
    var file: String
    @Option(help: "The format (default: what the file looks like).")
    var format: ListFormat?
    @Option(help: "The app of rows that do not name one.")
    var app = "default"
    @Flag(help: "Accept apps that the daemon's configuration does not name.")
    var anyApp = false
    @Flag(help: "Say what would become of every row, and change nothing.")
    var dryRun = false
    @Flag(help: "Replace the factor that an account has. Its backup codes end.")
    var replace = false
    @Flag(help: "Accept secrets of 10 to 15 bytes, as older sites have them.")
    var allowShort = false
    @Option(help: "Write a report of every row to this new file; the wrong ones are not printed.")
    var report: String?
    @OptionGroup var consent: Confirmation
    @OptionGroup var admin: AdminSocket

    func run() throws {
        try reporting {
            let list = try ImportList(file: file, format: format, allowsShort: allowShort)
            let daemon = try daemon()
            if let apps = daemon.apps { try list.expect(app, among: apps) }
            if let program = list.program {
                let words = "'\(file)' was read as \(program); \(list.firstUsersText)"
                if dryRun { print(words) } else { try consent.ask(words) }
            }
            if replace, !dryRun {
                try consent.ask("This replaces the second factor of accounts that have one")
            }

            let report = try ImportReport(path: report)
            var run = ImportRun(
                daemon, report: report, total: list.rows, app: app, replaces: replace,
                isDryRun: dryRun, allowsShort: allowShort)
            try list.read { try run.take($0) }
            let counts = try run.finish()

            if dryRun, list.program == nil { print(list.firstUsersText) }
            print(counts.text(isDryRun: dryRun))
            try report.finish()
            if let fault = daemon.fault { throw fault }
            if counts.wrong > 0 || counts.behind > 0 { throw ControlStatus.no }
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
