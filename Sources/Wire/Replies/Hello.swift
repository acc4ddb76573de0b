// What a client learns when it greets: who answers, and for whom the client may speak.

import Accounts

package struct Hello: Sendable {
    package let version: String
    package let caller: Caller
    package let pipelineMax: Int
    /// Told to admins alone.
    package let configuredApps: [AppName]

    package init(version: String, caller: Caller, pipelineMax: Int, configuredApps: [AppName]) {
        self.version = version
        self.configuredApps = configuredApps
        self.caller = caller
        self.pipelineMax = pipelineMax
    }
}
