// Between the daemon and systemd: what the daemon says about itself, and the signals it handles.
// The watchdog hears from it only while the writer answers.

import Glibc
import Server
import Systemd

struct ServiceManager {
    /// What keeps a daemon from starting is not mended in a blink, and systemd tries again 0.2 s
    /// after each: this long makes about 15,000 tries a day, which neither eat a core nor push the
    /// reason out of the journal.
    private static let holdBackTime = Duration.seconds(5)

    /// Nil when it was started by hand.
    private let notify: Notify?
    private let watchdog: Watchdog?
    private let log: JournalLog

    /// Blocks the signals that are answered here: make it before any thread.
    init(_ process: ProcessEnvironment, _ log: JournalLog) throws {
        Signals.block()
        notify = try Notify(environment: process.variables)
        watchdog = try Watchdog(environment: process.variables, pid: getpid())
        self.log = log
    }

    func say(_ status: String) throws { try notify?.status(status) }
    func ready(_ status: String) throws { try notify?.ready(status: status) }
    func stopping(_ status: String) throws { try notify?.stopping(status: status) }

    /// Sits with the signals, and vouches for the server as often as systemd asks. Returns when it
    /// is told to stop.
    func attend(
        _ server: Server, _ status: StatusLine, _ faults: FaultLog, _ reload: Reload
    ) throws {
        var status = status
        while true {
            switch Signals.wait(atMost: watchdog?.interval) {
            case .none: vouch(for: server, status, faults)
            case .reload:
                try notify?.reloading()
                status.isReloadRefused = !reload.run()
                try notify?.ready(status: status.ready)
            case .stop(let name):
                log.info("\(name): finishing what is under way")
                return
            }
        }
    }

    /// Only a round trip through the lane earns the ping; a lane that hangs earns none.
    private func vouch(for server: Server, _ status: StatusLine, _ faults: FaultLog) {
        guard let notify else { return }
        let log = log
        server.ping().whenSuccess { pulse in
            let line = status.now(pulse, full: faults.full())
            FaultLog.attempt(log) { try notify.watchdog(status: line) }
        }
    }

    /// Before the end of a daemon that could not start: tells the reason where people look, and
    /// stays a while, unless it is told to stop.
    func holdBack(_ reason: String) {
        guard let notify else { return }
        FaultLog.attempt(log) { try notify.status("cannot start: \(reason)") }
        let end = ContinuousClock.now + Self.holdBackTime
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return }
            if case .stop = Signals.wait(atMost: left) { return }
        }
    }
}
