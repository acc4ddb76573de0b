// What a run sends and what it hopes to read. The driver knows no protocol; a workload knows no
// socket.

protocol Workload {
    var lines: RequestLines { get }

    /// Called before lines up to `end` are sent, for what must not be older than that.
    mutating func prepare(upTo end: Int)

    /// Counts a reply, without its LF. Returns whether it is what was hoped for.
    mutating func check(_ reply: UnsafeRawBufferPointer, to line: Int) -> Bool
}
