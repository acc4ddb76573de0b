// What an admin has set for one app: its policy, its connections, and who speaks for it.

import Accounts

package struct AppSettings: Equatable, Sendable {
    package static let standard = AppSettings()

    package var policy = AppPolicy.standard
    /// Nil: an even share of what others have left.
    package var connectionsMax: Int?
    /// As many as the app sockets have together.
    package static let connectionsMaxRange = 1...10_240
    /// Who speaks for it on the socket called `apps`.
    package var users: Set<UInt32> = []
    package var groups: Set<UInt32> = []

    package init() {}

    var namesAnybody: Bool { !users.isEmpty || !groups.isEmpty }
}
