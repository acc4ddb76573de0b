// Which sockets to serve, and for whom each speaks. A socket whose name says nothing must never be
// served.

import Accounts
import Glibc
import Server
import Systemd
import Wire

struct Sockets {
    /// Who may connect: apps by group, admins as the daemon's own user (and root).
    private static let appMode: UInt32 = 0o660
    private static let adminMode: UInt32 = 0o600

    private let paths: [(String, Caller?, UInt32)]
    private let inherited: [Listener]

    init(socket: String?, adminSocket: String?, inherited: [InheritedSocket]) throws {
        paths =
            [
                socket.map { ($0, nil, Self.appMode) },
                adminSocket.map { ($0, .admin, Self.adminMode) },
            ].compactMap { $0 }
        self.inherited = try inherited.map { socket in
            Listener(descriptor: socket.descriptor, caller: try Self.caller(socket.name))
        }
        guard !paths.isEmpty || !inherited.isEmpty else {
            throw StartFault(
                "there is no socket to serve: give --socket, or start through totpd.socket")
        }
    }

    /// `admin`, `apps` or `app.NAME`: what FileDescriptorName= in the socket unit says. Nil: the
    /// configuration says for whom a Unix user speaks.
    private static func caller(_ name: String) throws -> Caller? {
        if name == "admin" { return .admin }
        if name == "apps" { return nil }
        guard name.hasPrefix("app."), let app = AppName(String(name.dropFirst(4))) else {
            throw StartFault(
                "the socket named '\(name)' speaks for nobody: FileDescriptorName= must be "
                    + "admin, apps or app.NAME")
        }
        return .app(app)
    }

    /// Removes the files of the sockets that were made here; systemd removes its own.
    func remove() {
        for (path, _, _) in paths { unlink(path) }
    }

    func open() throws -> [Listener] {
        try inherited
            + paths.map { path, caller, mode in
                Listener(
                    descriptor: try ListeningSocket.bind(path: path, mode: mode), caller: caller)
            }
    }
}
