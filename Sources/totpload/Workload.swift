// What a run sends and what it hopes to read. The driver knows no protocol; a workload knows no
// socket.

protocol Workload {
    var lines: RequestLines { get }

    /// Called before lines up to `end` are sent, for what must not be older than that.
    mutating func prepare(upTo end: Int)

    /// Whether this reply, without its LF, is what was hoped for.
    mutating func isExpected(_ reply: UnsafeRawBufferPointer, to line: Int) -> Bool
}
