// `totpctl restore`: puts a copy in the place of the store, while no daemon runs. All of the copy
// is opened first.

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
            Stop totpd first. The whole copy is checked, and the old store is kept beside it.
            The copy does not know what happened after it was made:
            - Which codes were used. So all codes up to this moment are refused afterwards.
            - Which backup codes were used. So choose: make all of them void, and people make new \
            ones; or keep them, and the used ones are good once more.
            - Whose second factor was reset or switched off. These users are enrolled again.
            The clock must not be behind the copy's newest event.
            """)

    enum BackupCodes: EnumerableFlag {
        case voidBackupCodes
        case keepBackupCodes

        static func help(for value: BackupCodes) -> ArgumentHelp? {
            switch value {
            case .voidBackupCodes: return "Make all backup codes void."
            case .keepBackupCodes:
                return "Keep them. Those that were used since the copy count once more."
            }
        }
    }

    @Argument(help: "The directory that backup made.")
    var backup: String
    @Option(help: "The directory of the store.")
    var state = "/var/lib/totpd"
    @Option(help: "The key file that the copy was made with; - is standard input.")
    var keys: String
    @Option(help: "The file with the epoch of this host's last start, if there is one.")
    var epoch = "/etc/totpd/epoch"
    @Flag var backupCodes: BackupCodes
    @OptionGroup var consent: Confirmation

    func run() throws {
        try reporting {
            try consent.ask("This puts '\(backup)' in the place of the store in '\(state)'")
            _ = SecureHeap.start()
            let epoch = try HostEpochs(path: epoch).last
            let restore = Restore(
                of: backup, into: state, ring: try OfflineStore.ring(keys), at: Self.now(),
                by: Peer(uid: getuid(), pid: getpid()),
                voidsBackupCodes: backupCodes == .voidBackupCodes, epoch: epoch)
            let report: Restore.Report
            do throws(RestoreRefusal) {
                report = try restore.run(Job("restore"))
            } catch {
                printError("totpctl: \(error)\nhint: nothing was changed")
                throw ControlStatus.of(error)
            }
            print("\(report.accounts) accounts and \(report.events) events are in '\(state)'")
            if report.voided > 0 { print("backup codes of \(report.voided) accounts are void") }
            if let aside = report.aside { print("the old store is in '\(aside)'") }
        }
    }

    private static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
