// One connection of the generator: what is still to be written, what was half read, and when each
// request under way was sent. It never waits.

import Glibc
import TOTPClient

final class Connection {
    /// A reply of totpd without a QR code has some hundred bytes.
    static let inputBytes = 1 << 15

    struct Sent {
        var line = 0
        var at: UInt64 = 0
    }

    private let socket: UnixSocket
    private(set) var inFlight = 0
    /// Not written yet; it lies in the workload's lines.
    private(set) var unsent = UnsafeRawBufferPointer(start: nil, count: 0)

    private let input = UnsafeMutableRawBufferPointer.allocate(
        byteCount: inputBytes, alignment: 16)
    private var inputCount = 0
    /// A ring of the requests under way.
    private let sent: UnsafeMutableBufferPointer<Sent>
    private var oldest = 0

    init(path: String, pipeline: Int) throws(ClientError) {
        sent = UnsafeMutableBufferPointer.allocate(capacity: pipeline)
        sent.initialize(repeating: Sent())
        socket = try UnixSocket.connected(to: path, timeout: .seconds(10))
    }

    deinit {
        input.deallocate()
        sent.deallocate()
    }

    var descriptor: Int32 { socket.descriptor }

    func enqueue(_ bytes: UnsafeRawBufferPointer, lines: Range<Int>, at now: UInt64) {
        precondition(unsent.isEmpty, "lines are taken up only after all before them were written")
        for line in lines {
            var place = oldest + inFlight
            if place >= sent.count { place -= sent.count }
            sent[place] = Sent(line: line, at: now)
            inFlight += 1
        }
        unsent = bytes
    }

    /// True when nothing is left to write.
    func flush() throws(ClientError) -> Bool {
        while !unsent.isEmpty {
            let count = try socket.send(unsent)
            if count == 0 { return false }
            unsent = UnsafeRawBufferPointer(rebasing: unsent[count...])
        }
        return true
    }

    /// Reads what has come; nil when nothing has, 0 at the end.
    func fill() throws(ClientError) -> Int? {
        let room = UnsafeMutableRawBufferPointer(rebasing: input[inputCount...])
        guard let count = try socket.receive(into: room) else { return nil }
        inputCount += count
        return count
    }

    /// Lends each whole line without its LF, and keeps the rest. False when a line does not fit.
    func takeLines(
        _ receive: (UnsafeRawBufferPointer) throws(LoadError) -> Void
    ) throws(LoadError) -> Bool {
        guard let base = input.baseAddress else { preconditionFailure("it has bytes") }
        var start = 0
        while let end = memchr(base + start, Int32(UInt8(ascii: "\n")), inputCount - start) {
            let stop = UnsafeRawPointer(end) - UnsafeRawPointer(base)
            try receive(UnsafeRawBufferPointer(start: base + start, count: stop - start))
            start = stop + 1
        }
        inputCount -= start
        if start > 0, inputCount > 0 { memmove(base, base + start, inputCount) }
        return inputCount < input.count
    }

    /// The request whose reply has come; nil when none is under way.
    func answered() -> Sent? {
        guard inFlight > 0 else { return nil }
        defer {
            oldest = oldest + 1 == sent.count ? 0 : oldest + 1
            inFlight -= 1
        }
        return sent[oldest]
    }
}
