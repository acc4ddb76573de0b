// What tests ask of changes that were decided on their own thread.

import Store

extension WriterLane.DecidedHere {
    /// Nil unless they were decided, and are on the disk.
    var decided: WriterLane.Decided? {
        guard case .decided(let decided) = self else { return nil }
        return decided
    }
}
