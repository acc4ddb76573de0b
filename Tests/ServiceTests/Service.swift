// The installed service as its admin and its clients see it. A test that needs something odd of it
// says so in a drop-in, which the next test removes.

import DaemonHarness
import Foundation
import Testing

enum Service {
    static let socket = "/run/totpd/totpd.sock"
    static let adminSocket = "/run/totpd/admin.sock"
    static let sealedKey = "/etc/totpd/totpd.keys.cred"
    static let configuration = "/etc/totpd/totpd.toml"
    static let state = "/var/lib/totpd"
    private static let dropIns = "/etc/systemd/system/totpd.service.d"

    /// Installs the package, unless it is installed.
    private static let installation = Swift.Result {
        try Host.quicken()
        return try Host.run("[ -e /usr/sbin/totpd ] || dpkg --install '\(Host.package())'")
    }

    /// A service that was just installed and serves an empty store.
    static func fresh() throws {
        _ = try installation.get()
        try Host.run(
            """
            rm -rf \(dropIns) \(configuration)
            systemctl stop totpd.socket totpd-admin.socket totpd.service
            systemctl daemon-reload
            systemctl reset-failed
            find \(state) -mindepth 1 -delete
            rm -f /etc/totpd/epoch /etc/totpd/epoch.next
            [ -e \(sealedKey) ] || totpctl keygen |
                systemd-creds encrypt --name=totpd.keys - \(sealedKey)
            systemctl start totpd.socket totpd-admin.socket totpd.service
            """)
        try #require(try property("ActiveState") == "active")
    }

    /// Adds to [Service] of the unit; takes effect with the next start.
    static func dropIn(_ lines: String, name: String = "test") throws {
        try Host.write("[Service]\n\(lines)\n", to: "\(dropIns)/\(name).conf")
        try Host.run("systemctl daemon-reload")
    }

    /// From its next start on, its clock and its disk are in the test's hand: preload.c.
    static func preload(adding lines: String = "") throws {
        let library = "/usr/lib/test-preload.so"
        try Host.run("cc -shared -fPIC -O1 -o \(library) '\(Host.source("preload.c"))'")
        try dropIn("Environment=LD_PRELOAD=\(library)\n\(lines)")
    }

    static func removeDropIn(name: String = "test") throws {
        try Host.run(
            """
            rm \(dropIns)/\(name).conf
            rmdir --ignore-fail-on-non-empty \(dropIns)
            systemctl daemon-reload
            """)
    }

    /// Runs another program under the very lines of totpd.service: nothing differs but what is run,
    /// how systemd knows that it has started, and `lines`.
    static func runInside(
        _ program: String, as unit: String, type: String, _ lines: String = ""
    ) throws {
        try Host.run(
            """
            unit=/run/systemd/system/\(unit).service
            sed -e 's/^Type=.*/Type=\(type)/' -e 's|^ExecStart=.*|ExecStart=\(program)|' \
                -e '/^Sockets=/d; /^Requires=/d; /^WatchdogSec=/d; /^Restart=/d' \
                -e '/^.Install.$/,$d' /lib/systemd/system/totpd.service >$unit
            echo '\(lines)' >>$unit
            systemctl daemon-reload
            systemctl start \(unit).service
            """)
    }

    static func property(_ name: String, of unit: String = "totpd.service") throws -> String {
        try Host.run("systemctl show --value --property=\(name) \(unit)")
    }

    static func mainPID() throws -> pid_t {
        guard let pid = pid_t(try property("MainPID")), pid > 0 else {
            throw HarnessFault("the service has no main process")
        }
        return pid
    }

    /// Asks again and again until it is so. Between two asks systemd does its work.
    static func eventually(
        _ what: String, seconds: Double = 30, _ condition: () throws -> Bool
    ) throws {
        let deadline = Deadline(seconds: seconds)
        while try !condition() {
            guard !deadline.hasPassed else {
                let status = try Host.attempt("systemctl status --no-pager 'totpd*'").printed
                throw HarnessFault("\(what) did not come about; \(status)")
            }
        }
    }

    // MARK: Talking

    static func connect(_ path: String = socket) throws -> LineConnection {
        try LineConnection(path: path)
    }

    static func ask(_ line: String, on path: String = socket) throws -> Reply {
        try connect(path).ask(line)
    }

    static func askAsAdmin(_ line: String) throws -> Reply { try ask(line, on: adminSocket) }

    static func admit(_ accounts: [Account]) throws {
        let replies = try connect(adminSocket).ask(accounts.map(\.importing))
        guard replies.allSatisfy(\.ok) else { throw HarnessFault("import: \(replies.tally)") }
    }

    // MARK: Looking

    /// What `totpctl check` says of the store, whose daemon may run.
    static func check() throws -> String {
        try Host.run(
            """
            umask 077
            systemd-creds decrypt --name=totpd.keys \(sealedKey) /run/totpd.keys
            totpctl check --state \(state) --keys /run/totpd.keys
            """)
    }

    /// Entries of the journal that match, as their fields.
    static func journal(_ matches: String) throws -> [[String: String]] {
        let lines = try Host.run(
            "journalctl --sync; journalctl --no-pager --output=json -u totpd \(matches)")
        return try lines.split(separator: "\n").map { line in
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8))
            guard let fields = entry as? [String: Any] else { throw HarnessFault("\(line)") }
            return fields.compactMapValues { $0 as? String }
        }
    }
}
