// A blocking client that does only what it is told: whole lines, half lines, bytes that are no
// lines. TOTPClient is for programs that want an answer; this one is for tests that want trouble.

import Foundation
import Patience

package final class LineConnection: @unchecked Sendable {
    // Unchecked, because a connection is used by one thread at a time.
    private let socket: Descriptor
    private var received: [UInt8] = []
    /// How many of these were given out as lines, and how many hold no further LF.
    private var taken = 0
    private var searched = 0
    private var isAtEnd = false

    package init(path: String) throws {
        socket = try Descriptor(
            Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "socket")
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw HarnessFault("the socket's path is too long: \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw HarnessFault.call("connect \(path)") }
    }

    package var descriptor: Int32 { socket.number }

    // MARK: Writing

    /// Sends a line and its LF.
    package func send(_ line: String) throws {
        try send(bytes: Array((line + "\n").utf8))
    }

    /// Sends bytes as they are, all of them.
    package func send(bytes: [UInt8], _ deadline: Deadline = .usual) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try sendNow(rest)
            rest = rest.dropFirst(count)
            guard count > 0 || rest.isEmpty else {
                try wait(for: POLLOUT, deadline) {
                    "the peer takes no more: \(rest.count) bytes are left"
                }
                continue
            }
        }
    }

    /// Sends what can be sent without waiting, and says how much that was.
    package func sendNow(_ bytes: ArraySlice<UInt8>) throws -> Int {
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        let count = bytes.withUnsafeBytes {
            Glibc.send(socket.number, $0.baseAddress, $0.count, flags)
        }
        if count >= 0 { return count }
        guard errno == EAGAIN else { throw HarnessFault.call("send") }
        return 0
    }

    /// Whether the peer takes more before the deadline.
    package func mayWrite(_ deadline: Deadline) throws -> Bool {
        try socket.wait(for: POLLOUT, deadline)
    }

    /// Closes our side, as socat does after its input.
    package func closeWriting() {
        shutdown(socket.number, Int32(SHUT_WR))
    }

    // MARK: Reading

    /// The next line without its LF; nil when the peer has closed.
    package func receive(_ deadline: Deadline = .usual) throws -> String? {
        while true {
            if let line = nextLine() { return line }
            if isAtEnd { return nil }
            try wait(for: POLLIN, deadline) {
                "no line came in time; so far: \(received.count - taken) bytes"
            }
            try readNow()
        }
    }

    /// The next line that is here already; nil also when more may come. See `hasEnded`.
    package func receiveNow() throws -> String? {
        if let line = nextLine() { return line }
        guard !isAtEnd else { return nil }
        try readNow()
        return nextLine()
    }

    /// Whether a whole line, or the end, comes before the deadline.
    package func hasLine(_ deadline: Deadline) throws -> Bool {
        while nextEnd() == nil && !isAtEnd {
            guard try socket.wait(for: POLLIN, deadline) else { return false }
            try readNow()
        }
        return true
    }

    /// Whether the peer has closed and every line was taken.
    package var hasEnded: Bool { isAtEnd && nextEnd() == nil }

    private func readNow() throws {
        guard let bytes = try socket.readNow() else { return }
        if bytes.isEmpty { isAtEnd = true }
        received += bytes
    }

    private func nextEnd() -> Int? {
        let end = received[searched...].firstIndex(of: UInt8(ascii: "\n"))
        if end == nil { searched = received.count }
        return end
    }

    private func nextLine() -> String? {
        guard let end = nextEnd() else { return nil }
        let line = String(decoding: received[taken..<end], as: UTF8.self)
        (taken, searched) = (end + 1, end + 1)
        // Not for each line: a long stream of short ones would be moved over and over.
        if taken > 65_536 {
            received.removeSubrange(..<taken)
            (taken, searched) = (0, 0)
        }
        return line
    }

    // MARK: Both

    /// Who gives up says what the peer's threads did meanwhile.
    private func wait(for events: Int32, _ deadline: Deadline, _ what: () -> String) throws {
        if try socket.wait(for: events, deadline.orSooner(seconds: 1)) { return }
        let watch = ProcessorWatch(of: peer)
        guard try socket.wait(for: events, deadline) else {
            throw HarnessFault("\(what()); \(watch.report())")
        }
    }

    /// The process that listens there (SO_PEERCRED, unix(7)): `struct ucred` begins with its id. 0
    /// when the kernel does not say.
    private var peer: pid_t {
        var credentials: [Int32] = [0, 0, 0]
        var size = socklen_t(MemoryLayout<Int32>.size * credentials.count)
        let status = getsockopt(socket.number, SOL_SOCKET, SO_PEERCRED, &credentials, &size)
        return status == 0 ? credentials[0] : 0
    }

    /// Sends one line and reads its reply.
    package func ask(_ line: String, _ deadline: Deadline = .usual) throws -> Reply {
        try send(line)
        return try reply(deadline)
    }

    /// Sends many lines at once and reads their replies.
    package func ask(_ lines: [String]) throws -> [Reply] {
        var replies: [Reply] = []
        // Fewer than the daemon takes before it wants its answers read.
        for start in stride(from: 0, to: lines.count, by: 512) {
            let part = lines[start..<min(start + 512, lines.count)]
            try send(bytes: Array((part.joined(separator: "\n") + "\n").utf8))
            for _ in part { replies.append(try reply()) }
        }
        return replies
    }

    /// The next line, which must be a reply.
    package func reply(_ deadline: Deadline = .usual) throws -> Reply {
        guard let line = try receive(deadline) else {
            throw HarnessFault("the connection was closed without a reply")
        }
        return try Reply(line)
    }
}
