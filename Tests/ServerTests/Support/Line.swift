// The other side of a connection for tests that want trouble: bytes as they are, whenever wanted,
// and no wait without a deadline.

import Glibc
import Patience
import Testing

import struct TOTPClient.UnixSocket

final class Line {
    private let socket: UnixSocket
    private var received: [UInt8] = []
    private var searched = 0
    private(set) var hasEnded = false

    init(_ path: String) throws {
        socket = try UnixSocket.connected(to: path, timeout: patience)
    }

    /// Whether `events` of poll(2) came in time.
    private func wait(for events: Int32, _ time: Swift.Duration) -> Bool {
        let end = ContinuousClock.now + time
        while true {
            let left = end - .now
            let milliseconds = max(0, left.components.seconds * 1000 + 1)
            var entry = pollfd(fd: socket.descriptor, events: Int16(events), revents: 0)
            if poll(&entry, 1, Int32(clamping: milliseconds)) > 0 { return true }
            if left <= .zero { return false }
        }
    }

    // MARK: Writing

    func send(_ lines: String...) throws {
        try send(bytes: Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    func send(bytes: [UInt8]) throws {
        let sent = try send(bytes: bytes, patience)
        guard sent == bytes.count else { throw Impatience(description: "sent \(sent) bytes only") }
    }

    /// Sends until all is sent or nothing is taken for this long; says how much was.
    func send(bytes: [UInt8], _ time: Swift.Duration) throws -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = try bytes.withUnsafeBytes { bytes in
                try socket.send(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
            }
            sent += count
            if count == 0, !wait(for: POLLOUT, time) { break }
        }
        return sent
    }

    /// Closes our side, as socat does once it has asked.
    func endWriting() {
        shutdown(socket.descriptor, Int32(SHUT_WR))
    }

    /// Whether the server has closed.
    var isHungUp: Bool {
        var entry = pollfd(fd: socket.descriptor, events: 0, revents: 0)
        return poll(&entry, 1, 0) > 0 && Int32(entry.revents) & POLLHUP != 0
    }

    // MARK: Reading

    /// The next line without its LF; nil at the end.
    func receive() throws -> String? {
        while true {
            if let line = nextLine() { return line }
            if hasEnded { return nil }
            try waitForMore()
            try fill()
        }
    }

    func receive(_ count: Int) throws -> [String] {
        var lines: [String] = []
        while lines.count < count {
            guard let line = try receive() else {
                throw Impatience(description: "closed after \(lines.count) of \(count) lines")
            }
            lines.append(line)
        }
        return lines
    }

    /// All lines until the server closes.
    func receiveAll() throws -> [String] {
        var lines: [String] = []
        while let line = try receive() { lines.append(line) }
        #expect(received.isEmpty, "the last line does not end with LF")
        return lines
    }

    func ask(_ line: String) throws -> String {
        try send(line)
        return try #require(try receive(1).first)
    }

    /// The server is in this process: so are the threads that it is to be heard from.
    private func waitForMore() throws {
        if wait(for: POLLIN, .seconds(1)) { return }
        let watch = ProcessorWatch(of: getpid())
        guard wait(for: POLLIN, patience) else {
            let what = "no line came; \(received.count) bytes are here; \(watch.report())"
            throw Impatience(description: what)
        }
    }

    private func fill() throws {
        var failure: (any Error)?
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = 0
            do {
                let got = try socket.receive(into: UnsafeMutableRawBufferPointer(buffer))
                count = got ?? 0
                if got == 0 { hasEnded = true }
            } catch {
                // A peer that closed before it had read everything ends the stream all the same.
                if errno == ECONNRESET { hasEnded = true } else { failure = error }
            }
        }
        if let failure { throw failure }
        received += bytes
    }

    private func nextLine() -> String? {
        let lineFeed = UInt8(ascii: "\n")
        guard let end = received[searched...].firstIndex(of: lineFeed) else {
            searched = received.count
            return nil
        }
        let line = String(decoding: received[..<end], as: UTF8.self)
        received.removeSubrange(...end)
        searched = 0
        return line
    }
}

/// What a reply says: `ok`, or the name of the refusal.
func brief(_ reply: String) -> String {
    if reply.contains(#""ok":true"#) { return "ok" }
    let parts = reply.components(between: #""error":""#, and: #"""#)
    return parts.first ?? "no reply: \(reply)"
}

func tally(_ replies: [String]) -> [String: Int] {
    replies.reduce(into: [:]) { $0[brief($1), default: 0] += 1 }
}

extension String {
    /// What stands between each `open` and the next `close`.
    func components(between open: String, and close: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let start = rest.firstRange(of: open) {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: close) else { break }
            found.append(String(rest[..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return found
    }
}
