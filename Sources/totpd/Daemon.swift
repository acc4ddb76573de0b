// totpd: configuration → keys → store → listeners → serve → ready. If one of them fails, it refuses
// to start, with one sentence.

import ArgumentParser
import Configuration
import Glibc
import LMDBStore
import Release
import Secrets
import Server
import Store
import Systemd

@main
struct Daemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totpd",
        abstract: "The second factor of every web app on this host, on a Unix socket.",
        version: Release.text)

    @OptionGroup var options: Options

    static func main() {
        StandardDescriptors.hold()
        do {
            var daemon = try parseAsRoot()
            try daemon.run()
        } catch {
            end(with: error)
        }
    }

    /// Every end but a plain success, that of `--help` among them, which has to arrive.
    private static func end(with error: any Error) -> Never {
        let status = exitCode(for: error)
        if status.isSuccess {
            do throws(OutputFault) {
                print(fullMessage(for: error))
                try StandardOutput.finish()
            } catch {
                let line = Array("totpd: \(error)\n".utf8)
                // Nobody could be told of a failure to write the failure.
                _ = write(STDERR_FILENO, line, line.count)
                Glibc.exit(EXIT_FAILURE)
            }
            Glibc.exit(EXIT_SUCCESS)
        }
        exit(withError: error)
    }

    func run() throws {
        let process = ProcessEnvironment.current
        let log = JournalLog(environment: process.variables)
        if options.isCheck { return try check(log) }
        var manager: ServiceManager?
        do {
            let ours = try ServiceManager(process, log)
            manager = ours
            try serve(process, ours, log)
        } catch {
            Self.tell(error, log)
            manager?.holdBack("\(error)")
            throw ExitCode(1)
        }
    }

    /// A configuration may have several faults: a line each.
    private static func tell(_ error: any Error, _ log: JournalLog) {
        let faults = (error as? ConfigurationFileFault)?.sentences ?? ["\(error)"]
        for fault in faults { log.error(fault) }
    }

    private func check(_ log: JournalLog) throws {
        do {
            _ = try options.configuration?.read()
        } catch {
            Self.tell(error, log)
            throw ExitCode(1)
        }
        log.info("the configuration is good")
    }

    private func serve(
        _ process: ProcessEnvironment, _ manager: ServiceManager, _ log: JournalLog
    ) throws {
        try ProcessLimits.raise()
        let protection = SecureHeap.start()
        if protection != .locked {
            log.warning("keys are not locked in memory (\(protection)); raise LimitMEMLOCK=")
        }
        try WallClock.refuseNonsense()

        let file = options.configuration
        let configuration = try file?.read() ?? .standard
        let paths = try options.paths(process, log)
        let ring = try paths.keys.read()
        try manager.say("opening the store")
        let store = try LMDBStore(
            path: paths.state, ring: ring, at: WallClock.now(), epochs: paths.epochs)
        defer {
            if let left = store.close() { log.warning("the log waits for the next start: \(left)") }
        }
        Self.tellFindings(of: store, log)
        let listeners = try paths.sockets.open()

        let faults = FaultLog(log)
        let notices = NoticeLog(try Journal(environment: process.variables), log)
        let server = try Server.start(
            version: Release.version, store: store, clock: WallClock.now, warn: faults.warn,
            note: notices.note, failed: faults.failed)
        let reload = Reload(
            file: file, keys: paths.keys, listeners: listeners, server: server, store: store,
            notices: notices, log: log)
        reload.use(configuration)
        server.watchClock()
        server.watchChain(notices.tell)
        try server.listen(on: listeners)

        let status = StatusLine(listeners)
        try manager.ready(status.ready)
        log.info("ready")
        if options.isDevelopment { Development.printExamples(paths) }

        try manager.attend(server, status, faults, reload)

        try manager.stopping("finishing what is under way")
        server.drain()
        Self.tellChain(of: store, notices, log)
        paths.sockets.remove()
        log.info("stopped")
    }

    /// What the start has found, and what it finds beside the answering.
    private static func tellFindings(of store: LMDBStore, _ log: JournalLog) {
        if let broken = store.brokenFrame { log.warning("\(broken)") }
        if let lost = store.lostEvents { log.warning("\(lost)") }
        store.whenOlder {
            log.warning(
                "alert: store_rolled_back: records of accounts, limits or apps are not those that "
                    + "totpd wrote last; health says what to do")
        }
        if let counting = store.counting { log.info("\(counting)") }
    }

    /// Where the chain of events ends; the lane has ended.
    private static func tellChain(of store: LMDBStore, _ notices: NoticeLog, _ log: JournalLog) {
        do throws(StoreFault) {
            if let anchor = try store.figures().anchor { notices.tell(anchor) }
        } catch {
            log.warning("where the chain of events ends is not known: \(error)")
        }
    }
}
