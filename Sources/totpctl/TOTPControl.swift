// totpctl: what an admin does at a terminal. Only `keygen` prints a secret.

import ArgumentParser
import Glibc
import Release
import Systemd

@main
struct TOTPControl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totpctl",
        abstract: "Look after totpd.",
        discussion: """
            Exit status:
              0   done
              1   the daemon could not be reached or did not answer, or a file could not be read \
            or written
              2   the answer was no, or there are problems
              3   you said no
              64  wrong options, or none
            """,
        version: Release.text,
        subcommands: [
            Status.self, Doctor.self, Apps.self, Users.self, Show.self, Reset.self, Unlock.self,
            Rename.self,
            Sources.self, ClearSource.self,
            Events.self, Watch.self, Top.self, Stats.self, Import.self, Export.self, Backup.self,
            RestoreBackup.self, Check.self, RotateKey.self, KeyGen.self,
        ])

    static func main() {
        StandardDescriptors.hold()
        // Swift reads them in /proc/self/cmdline, and what nobody could read must not pass for a
        // wish for help, which is a success.
        guard CommandLine.argc > 0 else {
            printError("totpctl: no argument can be read: is /proc mounted?")
            Glibc.exit(ControlStatus.unanswered.rawValue)
        }
        if let number = argumentNotUTF8 {
            printError("totpctl: argument \(number) is not UTF-8")
            Glibc.exit(EX_USAGE)
        }
        // A script whose arguments were lost is not to read a success.
        guard CommandLine.argc > 1 else {
            printError("totpctl: a subcommand is expected\n" + helpMessage())
            Glibc.exit(EX_USAGE)
        }
        do {
            var command = try parseAsRoot()
            try command.run()
            try StandardOutput.finish()
            try StandardError.finish()
        } catch {
            end(with: error)
        }
    }

    /// Every end but a plain success, that of `--help` among them. What could not be written is the
    /// end's reason, whatever the subcommand found: nobody has read that.
    private static func end(with error: any Error) -> Never {
        let status = exitCode(for: error)
        do throws(OutputFault) {
            if status.isSuccess { print(fullMessage(for: error)) }
            try StandardOutput.finish()
            if status.isSuccess { try StandardError.finish() }
        } catch {
            printError("totpctl: \(error)")
            Glibc.exit(ControlStatus.unanswered.rawValue)
        }
        guard !status.isSuccess else { Glibc.exit(EXIT_SUCCESS) }
        exit(withError: error)
    }

    /// The first one. Swift would put U+FFFD where it does not understand an argument, and so name
    /// another user.
    private static var argumentNotUTF8: Int? {
        (1..<max(1, Int(CommandLine.argc))).first { number in
            CommandLine.unsafeArgv[number].map { String(validatingCString: $0) == nil } ?? false
        }
    }
}
