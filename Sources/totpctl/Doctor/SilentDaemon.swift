// No answer, and what systemd makes of it.

struct SilentDaemon: Error, Encodable {
    let state = "unanswered"
    let error: String
    let systemd: UnitState?
    private let hint: String?

    private enum CodingKeys: CodingKey {
        case state
        case error
        case systemd
    }

    init(_ fault: ControlFault, _ systemd: UnitState?) {
        (error, hint, self.systemd) = (fault.description, fault.hint, systemd)
    }

    var fault: ControlFault {
        guard let systemd else { return ControlFault(error, hint: hint) }
        return ControlFault("\(error); \(systemd.words)", hint: hint)
    }
}
