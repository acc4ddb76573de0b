// The command line, and what it says: where state, keys and sockets are.

import ArgumentParser
import Configuration
import Glibc
import LMDBStore
import Secrets
import Server
import Systemd
import Wire

struct Options: ParsableArguments {
    @Option(help: "The state directory. Made if missing.")
    var state: String?

    @Option(
        help: "The key file; - is standard input. Default: the credential totpd.keys.")
    var keys: String?

    @Option(help: "Where to make the apps' socket, unless systemd hands one over.")
    var socket: String?

    @Option(help: "Where to make the admins' socket, unless systemd hands one over.")
    var adminSocket: String?

    @Option(
        help: "The configuration. Default: /etc/totpd/totpd.toml, if there is one; with --dev none."
    )
    var config: String?

    @Option(
        help: "The file with the epoch of the last start. Default: the store is not asked for it.")
    var epoch: String?

    @Flag(
        name: .customLong("check-config"),
        help: "Read the configuration, say what is wrong with it, and exit.")
    var isCheck = false

    @Flag(
        name: .customLong("dev"),
        help: "For a try by hand: everything lies under ./.totpd, and the first start makes a key.")
    var isDevelopment = false

    mutating func validate() throws {
        let given = [state, keys, socket, adminSocket, epoch].contains { $0 != nil }
        guard !(isDevelopment && given) else {
            throw ValidationError("--dev sets all of these itself: give it alone")
        }
        guard isDevelopment || isCheck || state != nil else {
            throw ValidationError("--state is required: the state directory")
        }
    }

    /// Nil when none is looked for.
    var configuration: ConfigurationFile? {
        if let config { return ConfigurationFile(path: config, isOptional: false) }
        guard !isDevelopment else { return nil }
        return ConfigurationFile(path: ConfigurationFile.defaultPath, isOptional: true)
    }

    /// What everything below needs to know.
    func paths(_ process: ProcessEnvironment, _ log: JournalLog) throws -> Paths {
        if isDevelopment { return try Development.paths(log) }
        guard let state else { preconditionFailure("validate() asks for --state") }
        return Paths(
            state: state, epochs: try epoch.map { try HostEpochs(path: $0) },
            keys: try keySource(process),
            sockets: try Sockets(
                socket: socket, adminSocket: adminSocket,
                inherited: Listeners.inherited(environment: process.variables, pid: getpid())))
    }

    private func keySource(_ process: ProcessEnvironment) throws -> KeySource {
        if let keys { return KeySource(named: keys) }
        guard let credentials = try Credentials(environment: process.variables) else {
            throw StartFault(
                "there are no master keys: give --keys, or the credential totpd.keys; "
                    + "hint: totpctl keygen makes a key")
        }
        return .credential(try credentials.path(of: "totpd.keys"))
    }
}
