// What the event loop has under way: connections, watchers, changes and jobs.

import Accounts
import Store

package struct LoopFigures: Sendable {
    package var connectionsByApp: [AppName: Int] = [:]
    package var appConnections = 0
    package var adminConnections = 0
    /// Some app has as many connections as it may, or all have together.
    package var areAppsFull = false
    package var watchers = 0
    /// Changes that wait for the lane.
    package var waiting = 0
    package var jobs: [JobProgress] = []

    package init() {}
}
