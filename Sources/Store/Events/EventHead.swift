// Where the chain of events ends, and so where the next block of them goes.

import Accounts

package struct EventHead: Equatable, Sendable {
    /// Of the last event.
    package var sequence: UInt64
    /// SHA-256 of the last record's bytes; zeros before the first.
    package var hash: [UInt8]

    package init(sequence: UInt64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }

    package static let empty = EventHead(sequence: 0, hash: [UInt8](repeating: 0, count: 32))

    /// To be written down elsewhere; nil before the first event.
    package var anchor: ChainAnchor? {
        sequence == 0 ? nil : ChainAnchor(sequence: sequence, hash: hash)
    }
}
