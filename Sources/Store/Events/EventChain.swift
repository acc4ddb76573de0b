// Follows the chain of events from the first record that is kept to the last, and stops at a gap.

import Accounts
import Secrets

package struct EventChain {
    private var head: EventHead
    /// What the chain must go through; nil once it has, or where nothing is known of it.
    private var anchor: ChainAnchor?
    /// It lies among events that are lost.
    private var isAnchorLost = false
    /// The first event that may be kept.
    private let oldest: UInt64

    /// - Parameters:
    ///   - tail: the last event that is kept no more.
    ///   - anchor: an end that the chain once had.
    package init(after tail: EventHead = .empty, through anchor: ChainAnchor? = nil) {
        (head, self.anchor, oldest) = (tail, anchor, tail.sequence &+ 1)
        if let anchor, anchor == tail.anchor { self.anchor = nil }
    }

    /// The last event that was followed.
    package var lastSequence: UInt64 { head.sequence }

    /// Takes the next record's bytes.
    package mutating func follow(
        _ bytes: UnsafeRawBufferPointer, version: UInt8, _ report: inout CheckReport
    ) {
        do {
            let block = try EventRecord.decode(bytes, version: version)
            let first = block.first
            if first != head.sequence &+ 1 {
                report.add(
                    problem: "event \(first) follows event \(head.sequence): some are gone")
            } else if !block.continues(head) {
                report.add(problem: "event \(first) does not continue the one before it")
            }
            if let gap = block.gap {
                report.add(gap)
                if let anchor, gap.lost.contains(anchor.sequence) { isAnchorLost = true }
            } else {
                report.events += block.events.count
            }
            // From here on, so that one gap is reported once. A damaged number may be any number.
            head = block.head(of: bytes)
        } catch {
            report.events += 1
            report.add(problem: "the event after \(head.sequence): \(error)")
            head = EventHead(sequence: head.sequence &+ 1, hash: SHA256.hash(bytes))
        }
        if let anchor, anchor == head.anchor { self.anchor = nil }
    }

    /// Takes the place where the store says that the chain ends.
    package func end(at expected: EventHead, _ report: inout CheckReport) {
        if head != expected {
            report.add(
                problem: "the chain ends at event \(head.sequence), and should at "
                    + "\(expected.sequence)")
        }
        guard let anchor else { return }
        let sequence = anchor.sequence
        if sequence > head.sequence {
            report.add(
                problem: "the events end at \(head.sequence), and have had event \(sequence): "
                    + "somebody has put an older store back")
        } else if sequence < oldest {
            report.add(
                problem: "event \(sequence) of the anchor is kept no more: nothing tells whether "
                    + "the chain went through it")
        } else if isAnchorLost {
            report.add(
                problem: "event \(sequence) of the anchor is lost: nothing tells whether the chain "
                    + "went through it")
        } else {
            report.add(
                problem: "the chain does not go through the anchor at event \(sequence): the "
                    + "events up to there are others")
        }
    }
}
