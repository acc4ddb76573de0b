// The few things about an account that its owner should hear of. It has a fixed length, because
// every attempt rewrites the record that holds it.

package struct History: Equatable, Sendable {
    package static let entriesMax = 8

    /// Newest first; 0 where there is none. In place, because a list would be an allocation for
    /// every attempt.
    private var entries = SIMD8<UInt64>(repeating: 0)

    package init() {}

    /// - Parameter entries: at most `entriesMax`, newest first.
    package init(_ entries: [HistoryEntry]) {
        for entry in entries { append(older: entry) }
    }

    /// Adds an entry behind all others; there must be room. A record's reader refuses a longer list
    /// before it gets here.
    package mutating func append(older entry: HistoryEntry) {
        let count = count
        precondition(count < Self.entriesMax, "a history that is full")
        entries[count] = entry.bits
    }

    mutating func note(
        _ what: HistoryEntry.What, by operation: HistoryEntry.Operation, at now: Instant,
        of authenticator: AuthenticatorID? = nil
    ) {
        push(HistoryEntry(at: now, operation, what, of: authenticator).bits)
    }

    private mutating func push(_ bits: UInt64) {
        for index in stride(from: Self.entriesMax - 1, to: 0, by: -1) {
            entries[index] = entries[index - 1]
        }
        entries[0] = bits
    }

    package var count: Int {
        (0..<Self.entriesMax).first { entries[$0] == 0 } ?? Self.entriesMax
    }

    /// As a record keeps it.
    package subscript(_ index: Int) -> UInt64 { entries[index] }

    package var newestFirst: [HistoryEntry] {
        (0..<count).map { index in
            // What is pushed was an entry, and a record's reader refuses what is none.
            guard let entry = HistoryEntry(bits: entries[index]) else {
                preconditionFailure("only whole entries are pushed")
            }
            return entry
        }
    }
}
