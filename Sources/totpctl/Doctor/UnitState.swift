// What systemd knows about the daemon's unit, when the daemon itself does not answer.

struct UnitState: Equatable, Encodable {
    let unit: String
    /// `active`, `activating`, `failed`, …, as systemctl(1) has it.
    let state: String
    let substate: String
    /// What the daemon has told systemd last.
    let said: String
    let restarts: Int

    /// Half a second is long for a manager that lives.
    private static let patience = Duration.milliseconds(500)

    /// Nil when there is no systemd, or it does not answer.
    static func ask(_ unit: String) -> UnitState? {
        let properties = ["LoadState", "ActiveState", "SubState", "StatusText", "NRestarts"]
        let child = ChildProgram(
            ["systemctl", "show", "--property=\(properties.joined(separator: ","))", unit])
        return child?.text(atMost: patience).flatMap { UnitState(unit, properties: $0) }
    }

    /// - Parameter text: NAME=VALUE, a line each.
    init?(_ unit: String, properties text: String) {
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals]] = line[line.index(after: equals)...]
        }
        guard let state = values["ActiveState"], let substate = values["SubState"] else {
            return nil
        }
        self.unit = unit
        self.state = values["LoadState"] == "not-found" ? "not-found" : String(state)
        self.substate = String(substate)
        said = String(values["StatusText"] ?? "")
        restarts = values["NRestarts"].flatMap { Int($0) } ?? 0
    }

    var isRunning: Bool { state == "active" }

    /// For people.
    var words: String {
        guard state != "not-found" else { return "systemd knows no \(unit)" }
        var words = "systemd says: \(unit) is \(state) (\(substate))"
        if restarts > 0 { words += ", restarted \(restarts) times" }
        return said.isEmpty ? words : "\(words): \(said)"
    }
}
