// Which events went with the last page of the events, for the journal.

import Store

package struct LostEvents: Equatable, Sendable, CustomStringConvertible {
    let page: UInt64
    let gaps: [EventGap]

    package var description: String {
        let lost = gaps.map(\.sentence).joined(separator: ", ")
        return "page \(page) of data.mdb is damaged, and was the last of the events: it is written "
            + "anew; \(lost.isEmpty ? "no event is lost" : lost)"
    }
}
