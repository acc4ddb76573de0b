// Whether a client ends in time the line that it has begun: a program writes a line in one go. One
// timer serves all lines of a connection.

import NIOCore

struct LineTimer {
    /// When the line began that has not ended; nil when there is none.
    private var begun: NIODeadline?
    /// Somebody looks when the time is up.
    private var isRunning = false

    /// Returns when to look, if nobody does yet.
    mutating func lineHasBegun(now: NIODeadline = .now()) -> NIODeadline? {
        let since = begun ?? now
        begun = since
        guard !isRunning else { return nil }
        isRunning = true
        return since + ServerPolicy.lineTime
    }

    /// What begins now has its own time.
    mutating func lineHasEnded() { begun = nil }

    /// Somebody looks now. Returns whether a line is too late; if it is not, a later one may be.
    mutating func timeIsUp(now: NIODeadline = .now()) -> Bool {
        isRunning = false
        return begun.map { now - $0 >= ServerPolicy.lineTime } ?? false
    }
}
