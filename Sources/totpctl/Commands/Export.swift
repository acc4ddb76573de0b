// `totpctl export`: all accounts of an app in a file, sealed under a passphrase. The daemon writes
// the file, so no secret passes through here.

import ArgumentParser

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write an app's accounts to a file, sealed under a passphrase.",
        discussion: """
            The daemon writes the file, so the path must be one that it may write to, for example \
            /var/backups/totpd/NAME. /tmp and /var/tmp will not do: the service has its own. \
            OpenSSL reads the file:
              openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -in FILE
            That does not notice a change. protocol.md, "export", has the lines that check the \
            file first, by means of FILE.hmac.
            """)

    @Option(help: "The app.")
    var app = "default"
    @Option(help: "A file whose first line is the passphrase (default: ask for it).")
    var passphraseFile: String?
    @Argument(help: "The absolute path of a file that does not exist yet.")
    var path: String
    @OptionGroup var admin: AdminSocket

    private struct Exported: Decodable {
        let accounts: Int
        let unreadable: Int
    }

    func run() throws {
        try reporting {
            let passphrase = try passphraseFile.map(Passphrase.read) ?? Passphrase.ask()
            let question = AdminQuery("export").with("app", app).with("path", path)
                .with("passphrase", passphrase)
            try admin.connect().expectKnown(app)
            let answer = try admin.ask(question, timeout: .seconds(3600))
            let exported = try answer.read(Exported.self)
            print(admin.isJSON ? answer.line : "\(exported.accounts) accounts in \(path)")
            guard exported.unreadable > 0 else { return }
            printError(
                "totpctl: \(exported.unreadable) accounts, of any app, do not open; those of "
                    + "this app are missing")
            throw ControlStatus.no
        }
    }
}
