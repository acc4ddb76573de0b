// The client's side of the socket: writes requests, reads replies, and waits no longer than it was
// told. The `id` tells which reply belongs to which request.

import Glibc

/// One connection, for one thread. It closes when its owner lets go of it.
///
/// After any error of an exchange the connection is of no more use: a reply that comes late would
/// answer the next question. Connect again.
package final class TOTPClient {
    private let socket: UnixSocket
    /// For each `send` and each `receive` as a whole.
    private let timeout: Duration
    var input = LineBuffer()
    private var repliesDue = 0
    var isOutOfStep = false

    package convenience init(
        connectingTo path: String, timeout: Duration = .seconds(10)
    ) throws(ClientError) {
        let socket = try UnixSocket.connected(to: path, timeout: timeout)
        self.init(socket: socket, timeout: timeout)
    }

    package init(socket: consuming UnixSocket, timeout: Duration) {
        self.socket = socket
        self.timeout = timeout
    }

    /// One question and its answer.
    package func request(_ line: String) throws(ClientError) -> Reply {
        guard repliesDue == 0, input.isEmpty else { throw .outOfStep }
        do {
            try send(line)
        } catch .closedByServer {
            // A server that is full says so and hangs up, perhaps before it was asked.
            guard let refusal = try lastWords() else { throw .closedByServer }
            return refusal
        }
        return try receive()
    }

    /// Writes a request without waiting for its reply. Replies that come meanwhile are kept, up to
    /// a line's limit; whoever sends more than that must `receive` in between.
    package func send(_ line: String) throws(ClientError) {
        guard !isOutOfStep else { throw .outOfStep }
        var bytes = Array(line.utf8)
        guard bytes.count <= LineBuffer.lineBytesMax else { throw .lineTooLong }
        guard !bytes.contains(UInt8(ascii: "\n")) else { throw .lineBroken }
        bytes.append(UInt8(ascii: "\n"))
        do {
            try write(bytes)
        } catch {
            isOutOfStep = true
            throw error
        }
        repliesDue += 1
    }

    /// The reply to the oldest request that has none yet.
    package func receive() throws(ClientError) -> Reply {
        guard !isOutOfStep, repliesDue > 0 else { throw .outOfStep }
        do {
            let line = try readLine()
            repliesDue -= 1
            return Reply(line: line)
        } catch {
            isOutOfStep = true
            throw error
        }
    }

    // MARK: Waiting

    private func write(_ bytes: [UInt8]) throws(ClientError) {
        let deadline = Deadline(after: timeout)
        var written = 0
        while true {
            written += try send(bytes[written...])
            if written == bytes.count { return }
            // A server may stop reading until its replies are taken.
            let mayRead = input.count < LineBuffer.lineBytesMax
            let ready = try wait(for: mayRead ? POLLOUT | POLLIN : POLLOUT, until: deadline)
            // After a hang-up `send` finds the reason; without it this loop would turn idly.
            if ready & POLLIN != 0, try fill() == 0 { throw .closedByServer }
        }
    }

    private func readLine() throws(ClientError) -> [UInt8] {
        let deadline = Deadline(after: timeout)
        var isInTime = true
        while true {
            if let line = try input.next() { return line }
            guard isInTime else { throw .timedOut }
            switch try fill() {
            case 0: throw .closedByServer
            case nil: _ = try wait(for: POLLIN, until: deadline)
            case _: isInTime = !deadline.hasPassed
            }
        }
    }

    /// What a server that hung up had said before. Only a no: it was not asked yet.
    private func lastWords() throws(ClientError) -> Reply? {
        do {
            while let count = try fill(), count > 0 {}
        } catch .closedByServer {
            // All that was said before is in `input`.
        }
        guard let line = try input.next() else { return nil }
        let reply = Reply(line: line)
        return reply.isYes ? nil : reply
    }

    /// Nil when nothing is there, 0 at the end.
    func fill() throws(ClientError) -> Int? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        let count = try socket.receive(into: buffer)
        if let count { input.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        return count
    }

    private func send(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> Int {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(ClientError) in try socket.send(bytes) }
        }
        return try result.get()
    }

    func wait(for events: Int32, until deadline: Deadline) throws(ClientError) -> Int32 {
        while true {
            // A server that takes or gives a byte at a time is always ready, and still late.
            guard !deadline.hasPassed else { throw .timedOut }
            var entry = pollfd(fd: socket.descriptor, events: Int16(events), revents: 0)
            let result = poll(&entry, 1, deadline.remainingMilliseconds)
            if result > 0 { return Int32(entry.revents) }
            if result == 0 { throw .timedOut }
            guard errno == EINTR else { throw .callFailed(call: "poll", code: errno) }
        }
    }
}
