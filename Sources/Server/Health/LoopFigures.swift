// What the event loop counts: connections, requests, and what it has noticed of them.

import Accounts
import Store
import Wire

package struct LoopFigures: Sendable {
    package var requests: [RequestCount] = []
    package var requestsByApp: [AppName: [RequestCount]] = [:]
    package var connectionsByApp: [AppName: Int] = [:]
    package var appConnections = 0
    package var adminConnections = 0
    /// Some app has as many connections as it may, or all have together.
    package var areAppsFull = false
    package var watchers = 0
    /// Changes that wait for the lane.
    package var waiting = 0
    package var jobs: [JobProgress] = []
    package var clockLean: ClockSkew?
    /// Somebody's code was refused of late, because the clock was set back.
    package var isClockBehind = false
    /// All codes of an app come from one private source.
    package var isOneSource = false

    package init() {}
}
