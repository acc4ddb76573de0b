// SIGHUP: reads the configuration again. It must never take over a part of it: what is wrong
// anywhere leaves everything as it was, and is said.

import Configuration
import LMDBStore
import Server
import Systemd

struct Reload {
    /// Nil when the daemon was started without one.
    let file: ConfigurationFile?
    let server: Server
    let store: LMDBStore
    let notices: NoticeLog
    let log: JournalLog

    func run() {
        let configuration: Configuration
        do throws(ConfigurationFileFault) {
            configuration = try file?.read() ?? .standard
        } catch {
            for sentence in error.sentences { log.error(sentence) }
            log.warning("nothing was reloaded: the configuration before holds on")
            return
        }
        use(configuration)
        log.info("reloaded")
    }

    /// Has a configuration hold everywhere; nothing in here can fail.
    func use(_ configuration: Configuration) {
        server.use(configuration)
        store.keepEvents(for: configuration.eventLifetime, now: WallClock.now)
        notices.name(configuration.journalUsers)
    }
}
