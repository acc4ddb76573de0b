// Follows the chain of events from the first to the last. It must never pass over a gap.

import Accounts

package struct EventChain {
    private var head = EventHead.empty

    package init() {}

    /// Takes the next event's bytes.
    package mutating func follow(_ bytes: UnsafeRawBufferPointer, _ report: inout CheckReport) {
        report.events += 1
        do {
            let event = try EventRecord.decode(bytes)
            if event.sequence != head.sequence &+ 1 {
                report.add(
                    problem: "event \(event.sequence) follows event \(head.sequence): some are gone"
                )
            } else if event.previous != head.hash {
                report.add(problem: "event \(event.sequence) does not continue the one before it")
            }
            // From here on, so that one gap is reported once. A damaged number may be any number.
            head.sequence = event.sequence &- 1
        } catch {
            report.add(problem: "the event after \(head.sequence): \(error)")
        }
        head.advance(past: bytes)
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
