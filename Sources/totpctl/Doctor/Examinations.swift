// The single looks of `totpctl doctor`. Each must say what was seen, not only that it is wrong.

import Configuration
import Glibc
import Secrets
import TOTPClient

/// Is somebody listening at a path?
struct SocketExamination {
    let path: String
    let unit: String

    var finding: Finding {
        let what = "socket \(path)"
        var info = stat()
        guard lstat(path, &info) == 0 else {
            let reason = errno
            let advice =
                reason == EACCES
                ? "ask as root, or as the user the socket is for" : "systemctl start \(unit)"
            return .bad(what, errorText(reason), advice: advice)
        }
        guard info.st_mode & S_IFMT == S_IFSOCK else {
            return .bad(what, "it is no socket", advice: "remove it, and systemctl restart \(unit)")
        }
        guard info.st_mode & 0o002 == 0 else {
            return .bad(
                what, "everybody on this host may connect",
                advice: "SocketMode=0660 in \(unit), and a group for those who may")
        }
        do {
            _ = try TOTPClient(connectingTo: path, timeout: .seconds(5))
        } catch .unreachable(_, code: EACCES) {
            return .bad(
                what, "you may not connect (mode \(Self.octal(info.st_mode)))",
                advice: "ask as root, or join the socket's group")
        } catch .unreachable(_, code: ECONNREFUSED) {
            return .bad(what, "nobody listens", advice: "systemctl restart \(unit)")
        } catch {
            return .bad(what, "\(error)", advice: "systemctl status \(unit) totpd.service")
        }
        return .good(what, "somebody listens")
    }

    private static func octal(_ mode: mode_t) -> String { String(mode & 0o777, radix: 8) }
}

enum ConfigurationExamination {
    /// Reads it as the daemon does at its next start or reload.
    static func findings(_ path: String) -> [Finding] {
        let what = "configuration \(path)"
        var info = stat()
        guard stat(path, &info) == 0 || errno != ENOENT else {
            return [.good(what, "there is none; the defaults hold")]
        }
        do throws(ConfigurationFileFault) {
            let file = ConfigurationFile(path: path, isOptional: true)
            let apps = try file.read().apps.keys.map(\.description).sorted()
            let named = apps.isEmpty ? "it names no app" : "apps: \(apps.joined(separator: ", "))"
            return [.good(what, "it is good; \(named)")]
        } catch {
            return error.sentences.map { sentence in
                .bad(
                    what, sentence,
                    advice: "mend it; totpd --check-config && systemctl reload totpd")
            }
        }
    }
}

/// What the daemon says of itself.
struct DaemonExamination {
    private let admin: AdminSocket
    private let unit: DaemonUnit

    init(_ admin: AdminSocket, _ unit: DaemonUnit) {
        (self.admin, self.unit) = (admin, unit)
    }

    var findings: [Finding] {
        let advice = "journalctl -u totpd -n 50"
        do {
            let look = try DaemonLook.take(admin, unit)
            return [Self.finding(version: look.version)] + Self.findings(look.health)
        } catch let silence as SilentDaemon {
            return [.bad("daemon", silence.fault.description, advice: advice)]
        } catch {
            return [.bad("daemon", "\(error)", advice: advice)]
        }
    }

    private static func finding(version: String) -> Finding {
        guard version == totpctlVersion else {
            return .bad(
                "version", "totpd \(version), totpctl \(totpctlVersion)",
                advice: "systemctl restart totpd, so that the installed one runs")
        }
        return .good("version", version)
    }

    private static func findings(_ health: Status.Health) -> [Finding] {
        guard !health.isWell else { return [.good("health", health.state)] }
        return health.reasons.map(HealthReason.init).map { reason in
            .bad("health", "\(health.state): \(reason.words)", advice: reason.advice)
        }
    }
}
