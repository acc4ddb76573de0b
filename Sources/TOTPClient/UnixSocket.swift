// One stream socket to a path, owned and closed once. It waits only to connect. Every failed call
// is an error.

import Glibc

package struct UnixSocket: ~Copyable {
    /// `sun_path` has 108 bytes, and a path needs a NUL at its end (unix(7)).
    static let pathBytesMax = 107

    /// For poll(2) and epoll(7). It stays the socket's own.
    package let descriptor: Int32

    /// Takes over a connected stream socket.
    package init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // Other failures of close(2) concern unwritten data, and a socket has none.
        if close(descriptor) == -1, errno == EBADF {
            preconditionFailure("a descriptor has one owner, and that one closes it once")
        }
    }

    /// Connects, and waits no longer than `timeout` while the server's queue is full.
    package static func connected(
        to path: String, timeout: Duration
    ) throws(ClientError) -> UnixSocket {
        var address = try address(of: path)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = socket(AF_UNIX, kind, 0)
        guard number != -1 else { throw .callFailed(call: "socket", code: errno) }
        let made = UnixSocket(adopting: number)

        // The only timeout that connect(2) knows on a Unix socket (socket(7), SO_SNDTIMEO).
        let deadline = Deadline(after: timeout)
        while true {
            try made.limitConnecting(to: deadline.remaining)
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if result == 0 { return made }
            let code = errno
            if code == EAGAIN || deadline.hasPassed { throw .timedOut }
            guard code == EINTR else { throw .unreachable(path: path, code: code) }
        }
    }

    /// Writes what fits; 0 when nothing does.
    package func send(_ bytes: UnsafeRawBufferPointer) throws(ClientError) -> Int {
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        while true {
            let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
            if count >= 0 { return count }
            let code = errno
            if code == EAGAIN { return 0 }
            guard code == EINTR else { throw Self.failure("send", code) }
        }
    }

    /// Reads what is there; nil when nothing is, and 0 at the end of the conversation.
    package func receive(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(ClientError) -> Int? {
        precondition(!buffer.isEmpty, "room for nothing would look like the end")
        while true {
            let flags = Int32(MSG_DONTWAIT)
            let count = recv(descriptor, buffer.baseAddress, buffer.count, flags)
            if count >= 0 { return count }
            let code = errno
            if code == EAGAIN { return nil }
            guard code == EINTR else { throw Self.failure("recv", code) }
        }
    }

    private static func failure(_ call: String, _ code: Int32) -> ClientError {
        code == EPIPE || code == ECONNRESET
            ? .closedByServer : .callFailed(call: call, code: code)
    }

    private static func address(of path: String) throws(ClientError) -> sockaddr_un {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= pathBytesMax, !bytes.contains(0) else {
            throw .pathUnfit(path: path)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private func limitConnecting(to rest: Duration) throws(ClientError) {
        let (seconds, attoseconds) = rest.components
        // All zeros would mean to wait for ever.
        let microseconds = max(1, attoseconds / 1_000_000_000_000)
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(microseconds))
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size) == 0 else {
            throw .callFailed(call: "setsockopt", code: errno)
        }
    }
}
