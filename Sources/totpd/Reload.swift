// SIGHUP: reads the configuration and the key file again. If one of them is wrong, both stay as
// they were, and the log says so.

import Configuration
import LMDBStore
import Server
import Store
import Systemd

struct Reload {
    /// Nil when the daemon was started without one.
    let file: ConfigurationFile?
    let keys: KeySource
    let listeners: [Listener]
    let server: Server
    let store: LMDBStore
    let notices: NoticeLog
    let log: JournalLog

    /// Whether what was read holds now.
    func run() -> Bool {
        let configuration: Configuration
        do throws(ConfigurationFileFault) {
            configuration = try file?.read() ?? .standard
        } catch {
            for sentence in error.sentences { log.error(sentence) }
            log.warning("nothing was reloaded: the configuration before holds on")
            return end(isRefused: true)
        }
        do {
            // The last that can fail: it takes the new keys, or none.
            try takeKeys()
        } catch {
            log.error("\(error)")
            log.warning("nothing was reloaded: the keys and the configuration before hold on")
            return end(isRefused: true)
        }
        use(configuration)
        log.info("reloaded")
        return end(isRefused: false)
    }

    private func end(isRefused: Bool) -> Bool {
        server.configurationWasRefused(isRefused)
        return !isRefused
    }

    private func takeKeys() throws {
        guard let ring = try keys.readAgain() else {
            return log.info("the keys came on standard input and stay as they are")
        }
        do throws(KeyFault) {
            try store.adopt(ring)
        } catch {
            throw StartFault("\(keys.name): \(error)")
        }
    }

    /// Has a configuration hold everywhere; nothing in here can fail.
    func use(_ configuration: Configuration) {
        server.use(configuration)
        store.keepEvents(
            for: configuration.eventLifetime, atMost: configuration.eventBytesMax,
            now: WallClock.now)
        notices.name(configuration.journalUsers)
        warnOfLockedDoors(configuration)
    }

    /// A socket that nobody but root may use was meant for somebody.
    private func warnOfLockedDoors(_ configuration: Configuration) {
        for case .app(let app, let namesake) in listeners.map(\.door) {
            let namesakes = namesake.map { [app: $0] } ?? [:]
            guard !configuration.hasSpeakers(app, namesakes: namesakes) else { continue }
            log.warning(
                "the socket of the app \(app) is for nobody but root: "
                    + "users = [...] of [app.\(app)] in totpd.toml names who speaks for it")
        }
    }
}
