// Which sockets to serve, and for whom each speaks. A socket with an unknown name is an error.

import Accounts
import Configuration
import Glibc
import Server
import Systemd

struct Sockets {
    /// Who may connect: apps by group, admins as the daemon's own user (and root).
    private static let appMode: UInt32 = 0o660
    private static let adminMode: UInt32 = 0o600

    private let paths: [(String, Listener.Door, UInt32)]
    private let inherited: [Listener]

    init(socket: String?, adminSocket: String?, inherited: [InheritedSocket]) throws {
        paths =
            [
                socket.map { ($0, .apps, Self.appMode) },
                adminSocket.map { ($0, .admins, Self.adminMode) },
            ].compactMap { $0 }
        self.inherited = try inherited.map { socket in
            Listener(descriptor: socket.descriptor, door: try Self.door(socket.name))
        }
        guard !paths.isEmpty || !inherited.isEmpty else {
            throw StartFault(
                "there is no socket to serve: give --socket, or start through totpd.socket")
        }
    }

    /// `admin`, `apps` or `app.NAME`: what FileDescriptorName= in the socket unit says.
    private static func door(_ name: String) throws -> Listener.Door {
        if name == "admin" { return .admins }
        if name == "apps" { return .apps }
        guard name.hasPrefix("app."), let app = AppName(String(name.dropFirst(4))) else {
            throw StartFault(
                "the socket named '\(name)' speaks for nobody: FileDescriptorName= must be "
                    + "admin, apps or app.NAME")
        }
        return .app(app, namesake: try namesake(of: app))
    }

    /// The Unix user who is called like an app.
    private static func namesake(of app: AppName) throws -> UInt32? {
        do {
            let uid = try UnixNames.ofThisHost.uid(app.description)
            // Whom the kernel cannot name is nobody's namesake.
            return uid == Configuration.unnamed ? nil : uid
        } catch {
            throw StartFault("the Unix user '\(app)' cannot be looked up (\(error))")
        }
    }

    /// Removes the files of the sockets that were made here; systemd removes its own.
    func remove() {
        for (path, _, _) in paths { unlink(path) }
    }

    func open() throws -> [Listener] {
        try inherited
            + paths.map { path, door, mode in
                Listener(descriptor: try ListeningSocket.bind(path: path, mode: mode), door: door)
            }
    }
}
