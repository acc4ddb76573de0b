// What the daemon says about itself, or what systemd says about a daemon that is silent.

import TOTPClient

struct DaemonLook {
    let version: String
    let health: Status.Health
    /// The health as it came.
    private let answer: AdminAnswer

    /// With systemd's answer it makes 2 s. Under a load an answer takes a few milliseconds.
    private static let patience = Duration.milliseconds(1_500)

    private struct Hello: Decodable {
        let version: String
    }

    /// Throws `SilentDaemon` when there is no answer.
    static func take(_ admin: AdminSocket, _ unit: DaemonUnit) throws -> DaemonLook {
        do {
            return try DaemonLook(admin, atMost: patience)
        } catch let fault as ControlFault {
            let state = unit.name(for: admin).flatMap(UnitState.ask)
            // One that runs is busy, or hangs; `health` itself takes up to 2 s to say so.
            guard fault.isSilence, state?.isRunning ?? true else {
                throw SilentDaemon(fault, state)
            }
            do {
                return try DaemonLook(admin, atMost: .seconds(10))
            } catch let fault as ControlFault {
                throw SilentDaemon(fault, unit.name(for: admin).flatMap(UnitState.ask))
            }
        }
    }

    private init(_ admin: AdminSocket, atMost time: Duration) throws {
        let client = try admin.connect(timeout: time)
        version = try client.ask(AdminQuery("hello")).read(Hello.self).version
        answer = try client.ask(AdminQuery("health"))
        health = try answer.read(Status.Health.self)
    }

    /// All of `health`, and the version, in one object.
    var json: String {
        get throws {
            var fields = try answer.read([String: AnswerField].self)
            fields["version"] = .text(version)
            return try JSONText.object(fields)
        }
    }
}
