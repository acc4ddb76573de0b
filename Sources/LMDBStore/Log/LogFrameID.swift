// A frame's number, and the tag of its seal, which no other frame has: two histories of a store may
// have the same numbers, and never the same tags.

struct LogFrameID: Equatable, Sendable {
    /// Before the first frame.
    static let none = LogFrameID(
        sequence: 0, tag: [UInt8](repeating: 0, count: LogFrame.tagBytes))

    let sequence: UInt64
    let tag: [UInt8]
}
