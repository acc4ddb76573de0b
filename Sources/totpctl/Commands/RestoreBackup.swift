// `totpctl restore`: puts a copy in the store's place, with no daemon serving. It must never
// replace anything before all of the copy was opened, and never make a used code good again.

import Accounts
import ArgumentParser
import Glibc
import LMDBStore
import Secrets
import Store

struct RestoreBackup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a copy in the place of the store.",
        discussion: """
            Stop totpd first. The copy is checked as a whole; what was there is kept beside it.
            Codes up to this moment are refused afterwards, since the copy does not know which of \
            them were used. Nor does it know of backup codes that were used since: choose whether \
            all of them are void, and people make new ones, or those are good once more. Who was \
            reset or switched off since is enrolled again. The clock must not be behind the copy's \
            newest event.
            """)

    enum BackupCodes: EnumerableFlag {
        case voidBackupCodes
        case keepBackupCodes

        static func help(for value: BackupCodes) -> ArgumentHelp? {
            switch value {
            case .voidBackupCodes: return "Make all backup codes void."
            case .keepBackupCodes: return "Let those that were used since count once more."
            }
        }
    }

    @Argument(help: "The directory that backup made.")
    var backup: String
    @Option(help: "The directory of the store.")
    var state = "/var/lib/totpd"
    @Option(help: "The file of the master keys that the copy was made under; - is standard input.")
    var keys: String
    @Flag var backupCodes: BackupCodes
    @OptionGroup var consent: Confirmation

    func run() throws {
        try reporting {
            try consent.ask("This puts '\(backup)' in the place of the store in '\(state)'")
            _ = SecureHeap.start()
            let restore = Restore(
                of: backup, into: state, ring: try OfflineStore.ring(keys), at: Self.now(),
                by: Peer(uid: getuid(), pid: getpid()),
                voidsBackupCodes: backupCodes == .voidBackupCodes)
            let report: Restore.Report
            do {
                report = try restore.run(Job("restore"))
            } catch {
                throw ControlFault("\(error)", hint: "nothing was changed")
            }
            print("\(report.accounts) accounts and \(report.events) events are in '\(state)'")
            if report.voided > 0 { print("backup codes of \(report.voided) accounts are void") }
            if let aside = report.aside { print("what was there lies in '\(aside)'") }
        }
    }

    private static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
