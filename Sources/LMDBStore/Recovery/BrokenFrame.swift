// What a start does about a last frame of the log that does not open. If a crash cut the write
// short, nobody had an answer. But a frame that was damaged later looks the same, and people had
// answers. So every step that may have been used counts as used, and no attempt from before is
// answered again: the frame may have ended it. This is on the disk before anybody is answered.
// The same holds for frames that were in flight together. A crash may leave any of them.

import Accounts
import Store

package struct BrokenFrame: Equatable, Sendable, CustomStringConvertible {
    /// The last frame that opens.
    package let after: UInt64
    /// Every step is used whose code could have been accepted by then.
    package let usedSteps: Instant

    package var description: String {
        "\(Self.finding(after: after)); every code up to \(usedSteps.text) is refused as used, and "
            + "whatever else it held is forgotten"
    }

    static func finding(after last: UInt64) -> String {
        "the log's last frame, behind frame \(last), does not open: it was cut short by a crash, "
            + "or damaged since"
    }
}

extension StoreFiles {
    /// What the store has forgotten, with what a broken frame held: durably.
    func discardBrokenFrame(
        _ log: LogRecovery, at now: Instant
    ) throws -> (UsedBefore, BrokenFrame?) {
        var moments = contents.usedBefore
        guard log.isBroken else { return (moments, nil) }
        let newest = NewestEvent(tables: tables, seal: contents.seal, laps: log.laps)
        moments.forgetSteps(at: now, newestEvent: try environment.read { try newest.moments($0) })
        try environment.write { transaction in
            try Meta.putUsedBefore(moments, transaction, tables, contents.seal)
            return ((), isCommitted: true)
        }
        // From here on it is known, and must not be found by the next start as well.
        try log.clearRemnants()
        return (moments, BrokenFrame(after: log.last.sequence, usedSteps: moments.steps))
    }
}
