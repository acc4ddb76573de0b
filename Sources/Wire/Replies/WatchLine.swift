// What a connection gets that watches: a line for each event, and one that says why it ends. Only
// the last one has `ok`, and it is a no.

import Accounts
import JSON

package enum WatchLine: Sendable {
    case event(EventRow)
    /// The first of some events that do not open.
    case unreadable(UInt64)
    /// The connection ends; whoever comes again behind `cursor` misses nothing.
    case ended(ErrorName, cursor: UInt64)

    /// Appends the whole line, with its LF.
    package func write(to lines: inout [UInt8]) {
        var writer = JSONWriter(continuing: &lines)
        writer.begin()
        switch self {
        case .event(let event): writer.nested("event") { $0.write(event) }
        case .unreadable(let first):
            writer.nested("unreadable") { $0.field("seq", Int64(clamping: first)) }
        case .ended(let name, let cursor):
            writer.field("ok", false)
            writer.field("error", name.rawValue)
            writer.field("cursor", Int64(clamping: cursor))
        }
        writer.end()
        writer.endLine()
        writer.give(to: &lines)
    }
}
