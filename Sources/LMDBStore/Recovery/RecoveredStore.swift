// What a start finds in the log of a store, and judges before anybody is answered. It must refuse a
// store whose log or whose events do not end where the store says.

import Accounts
import Store

struct RecoveredStore {
    let log: LogRecovery
    /// Where the chain of events ends, with what the log has.
    let head: EventHead
    /// How far time has come.
    let moments: LivedClock.Moments
    let usedBefore: UsedBefore
    /// What the log ended with, if that does not open; nil as a rule.
    let brokenFrame: BrokenFrame?
    /// What the last page of the events has lost; nil as a rule.
    let lostEvents: LostEvents?

    /// - Parameter segmentBytes: of each file of the log, where there is none yet.
    init(_ files: StoreFiles, segmentBytes: Int, at now: Instant) throws {
        let segments = try LogSegment.paths(in: files.directory.path).map {
            path throws(LogFault) in try LogSegment(path: path, size: segmentBytes)
        }
        try files.environment.synchronize()
        try files.directory.synchronize()
        log = try LogRecovery(segments, of: files.contents)
        head = log.laps.last?.last?.head ?? files.contents.head
        lostEvents = try EventMend(
            environment: files.environment, tables: files.tables, seal: files.contents.seal
        ).run(at: now)
        try files.refuseOtherEnd(than: head)
        moments = try files.moments(log, at: now)
        (usedBefore, brokenFrame) = try files.discardBrokenFrame(log, at: now)
    }
}
