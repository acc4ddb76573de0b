// totpd: configuration → keys → store → listeners → serve → ready. It must refuse to start, with
// one sentence, rather than serve without any of them.

import ArgumentParser
import Glibc
import LMDBStore
import Secrets
import Server
import Store
import Systemd

@main
struct Daemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totpd",
        abstract: "The second factor of every web app on this host, on a Unix socket.",
        version: totpdVersion)

    @OptionGroup var options: Options

    func run() throws {
        let process = ProcessEnvironment.current
        let log = JournalLog(environment: process.variables)
        do {
            try serve(process, log)
        } catch {
            log.error("\(error)")
            throw ExitCode(1)
        }
    }

    private func serve(_ process: ProcessEnvironment, _ log: JournalLog) throws {
        Signals.block()
        try ProcessLimits.raise()
        let protection = SecureHeap.start()
        if protection != .locked {
            log.warning("keys are not locked in memory (\(protection)); raise LimitMEMLOCK=")
        }
        try WallClock.refuseNonsense()
        let notify = try Notify(environment: process.variables)

        let paths = try options.paths(process, log)
        let ring = try paths.keys.read()
        let store = try LMDBStore(path: paths.state, ring: ring)
        defer {
            if let left = store.close() { log.warning("the log waits for the next start: \(left)") }
        }
        let listeners = try paths.sockets.open()

        let faults = FaultLog(log)
        let server = try Server.start(
            version: totpdVersion, store: store, clock: WallClock.now, warn: faults.warn,
            failed: faults.failed)
        try server.listen(on: listeners)

        try notify?.ready(status: "serving")
        log.info("ready")
        if options.isDevelopment { Development.printExamples(paths) }

        try attend(server, notify, process, log)

        try notify?.stopping()
        server.drain()
        paths.sockets.remove()
        log.info("stopped")
    }

    /// Sits with the signals, and vouches for the server as often as systemd asks.
    private func attend(
        _ server: Server, _ notify: Notify?, _ process: ProcessEnvironment, _ log: JournalLog
    ) throws {
        let watchdog = try Watchdog(environment: process.variables, pid: getpid())
        while true {
            switch Signals.wait(atMost: watchdog?.interval) {
            case .none:
                // Only a round trip through the lane earns the ping; a lane that hangs earns none.
                guard let notify else { continue }
                server.ping().whenSuccess { FaultLog.attempt(log) { try notify.watchdog() } }
            case .reload:
                // There is nothing to read again yet; the signal is answered as systemd expects.
                try notify?.reloading()
                log.info("reloaded")
                try notify?.ready(status: "serving")
            case .stop(let name):
                log.info("\(name): finishing what is under way")
                return
            }
        }
    }
}

/// The version of this source, as `hello` and `--version` say it.
let totpdVersion = "0.1.0"
