// The daemon as an import sees it: a connection, and the apps that it is configured for. A dry run
// may go on without it.

import TOTPClient

struct ImportDaemon {
    /// Nil when it could not be reached, which only a dry run goes on without.
    let client: TOTPClient?
    /// Nil when any will do, or when nobody could be asked.
    let apps: Set<String>?
    let fault: ControlFault?

    init(_ client: TOTPClient, anyApp: Bool) throws {
        self.client = client
        apps = anyApp ? nil : Set(try client.configuredApps())
        fault = nil
    }

    init(fault: ControlFault) {
        client = nil
        apps = nil
        self.fault = ControlFault(
            "\(fault): only the rows were checked, not who is enrolled, nor which apps exist",
            hint: fault.hint)
    }
}
