// The unit to look up when the daemon itself does not answer.

import ArgumentParser

struct DaemonUnit: ParsableArguments {
    @Option(help: "The daemon's unit (default: totpd.service, for the usual admin socket).")
    var unit: String?

    /// A daemon at another socket may be of no unit.
    func name(for admin: AdminSocket) -> String? {
        unit ?? (admin.socket == AdminSocket.usual ? "totpd.service" : nil)
    }
}
