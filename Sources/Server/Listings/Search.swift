// A search that answers an admin: a list, page by page.

import Wire

protocol Search: LaneSearch {
    var isDone: Bool { get }
    var reply: AdminReply { get }
    /// Tells the log of what it met and could not read.
    func tell(_ warn: (String) -> Void)
}
