// What takes several looks to find: each is short, and the lane decides what waits in between.

import Store
import Wire

protocol Search: Sendable {
    mutating func look(into store: any AccountStore) throws(StoreFault)
    var isDone: Bool { get }
    var reply: AdminReply { get }
    /// Tells the log of what it met and could not read.
    func tell(_ warn: (String) -> Void)
}
