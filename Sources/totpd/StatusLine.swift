// The line that `systemctl status` shows about the daemon: which apps it serves, how many
// connections are open, and what is wrong.

import Server

struct StatusLine {
    /// For whom the sockets speak.
    private let served: String
    /// The last reload was refused, and what held before holds on.
    var isReloadRefused = false

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

    var ready: String { "serving \(served)\(refusal)" }

    private var refusal: String {
        isReloadRefused ? "; the last reload was refused, see the journal" : ""
    }

    /// - Parameter full: why what has to be kept is refused, if it is.
    func now(_ pulse: Server.Pulse, full: String?) -> String {
        let connections = "\(pulse.apps) connections of apps, \(pulse.admins) of admins"
        guard let full else { return "serving \(served): \(connections)\(refusal)" }
        return "refusing what has to be kept, the store is full (\(full)): \(connections)"
    }
}
