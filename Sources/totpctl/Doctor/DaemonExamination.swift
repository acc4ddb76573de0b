// What the daemon says of itself.

import Release

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
        guard version == Release.version else {
            return .bad(
                "version", "totpd \(version), totpctl \(Release.version)",
                advice: "systemctl restart totpd, to run the installed version")
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
