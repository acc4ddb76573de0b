// Which sources of an app are spent, as an admin reads it.

import Accounts
import JSON

package struct SpentSources: Sendable {
    package struct Row: Sendable {
        /// As it was sent last.
        package let source: String
        package let retryAfter: Duration

        package init(source: String, retryAfter: Duration) {
            (self.source, self.retryAfter) = (source, retryAfter)
        }
    }

    /// Those that wait longest first.
    package let rows: [Row]
    /// How many there are, shown or not.
    package let count: Int
    /// Wrong codes from before this moment were not looked at.
    package let since: Instant
    /// Whether none from before it can count any more.
    package let isWhole: Bool

    package init(rows: [Row], count: Int, since: Instant, isWhole: Bool) {
        (self.rows, self.count, self.since, self.isWhole) = (rows, count, since, isWhole)
    }
}

extension JSONWriter {
    mutating func write(_ spent: SpentSources) {
        nested("sources", each: spent.rows) { writer, row in
            writer.field("source", row.source)
            writer.field("retry_after", row.retryAfter.secondsRoundedUp)
        }
        field("count", spent.count)
        field("since", spent.since.seconds)
        field("whole", spent.isWhole)
    }
}
