// How well the daemon is, as an admin reads it and as JSON.

import JSON

package struct Health: Equatable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case ok
        case degraded
        case failing
    }

    package let state: State
    package let reasons: [String]
    /// The parts of the store where damage was met.
    package let unreadable: [String]
    package let clock: String
    /// How long a look waited for the lane, in microseconds.
    package let laneWait: Int64?
    package let roomBytes: Int?
    /// Seconds since the last change was kept.
    package let keptAgo: Int64?

    package init(
        state: State, reasons: [String], unreadable: [String] = [], clock: String,
        laneWait: Int64?, roomBytes: Int?, keptAgo: Int64?
    ) {
        self.unreadable = unreadable
        (self.state, self.reasons, self.clock) = (state, reasons, clock)
        (self.laneWait, self.roomBytes, self.keptAgo) = (laneWait, roomBytes, keptAgo)
    }
}

extension JSONWriter {
    mutating func write(_ health: Health) {
        field("state", health.state.rawValue)
        field("reasons", health.reasons)
        if !health.unreadable.isEmpty { field("unreadable", health.unreadable) }
        field("clock", health.clock)
        if let wait = health.laneWait { field("lane_wait_us", wait) }
        if let room = health.roomBytes { field("room_bytes", room) }
        if let ago = health.keptAgo { field("last_commit_ago", ago) }
    }
}
