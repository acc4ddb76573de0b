// Follows the chain of events from the first record that is kept to the last, and stops at a gap.

import Accounts
import Secrets

package struct EventChain {
    private var head: EventHead

    /// - Parameter tail: the last event that is kept no more.
    package init(after tail: EventHead = .empty) { head = tail }

    /// The last event that was followed.
    package var lastSequence: UInt64 { head.sequence }

    /// Takes the next record's bytes.
    package mutating func follow(
        _ bytes: UnsafeRawBufferPointer, version: UInt8, _ report: inout CheckReport
    ) {
        do {
            let block = try EventRecord.decode(bytes, version: version)
            let first = block.events[0].sequence
            if first != head.sequence &+ 1 {
                report.add(
                    problem: "event \(first) follows event \(head.sequence): some are gone")
            } else if block.previous != head.hash {
                report.add(problem: "event \(first) does not continue the one before it")
            }
            report.events += block.events.count
            // From here on, so that one gap is reported once. A damaged number may be any number.
            head.sequence = first &+ UInt64(block.events.count) &- 1
        } catch {
            report.events += 1
            report.add(problem: "the event after \(head.sequence): \(error)")
            head.sequence &+= 1
        }
        head.hash = SHA256.hash(bytes)
    }

    /// Takes the place where the store says that the chain ends.
    package func end(at expected: EventHead, _ report: inout CheckReport) {
        if head != expected {
            report.add(
                problem: "the chain ends at event \(head.sequence), and should at "
                    + "\(expected.sequence)")
        }
    }
}
