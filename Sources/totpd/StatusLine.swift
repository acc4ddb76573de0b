// The line that `systemctl status` shows of the daemon: whom it serves, how many have come, and
// what is wrong. It must never say that all is well while changes are refused.

import Server

struct StatusLine {
    /// For whom the sockets speak.
    private let served: String

    init(_ listeners: [Listener]) {
        var names: [String] = []
        for listener in listeners {
            let name: String
            switch listener.door {
            case .app(let app, _): name = "app \(app)"
            case .apps: name = "apps"
            case .admins: name = "admins"
            }
            if !names.contains(name) { names.append(name) }
        }
        served = names.joined(separator: ", ")
    }

    var ready: String { "serving \(served)" }

    /// - Parameter full: why what has to be kept is refused, if it is.
    func now(_ pulse: Server.Pulse, full: String?) -> String {
        let connections = "\(pulse.apps) connections of apps, \(pulse.admins) of admins"
        guard let full else { return "serving \(served): \(connections)" }
        return "refusing what has to be kept, the store is full (\(full)): \(connections)"
    }
}
