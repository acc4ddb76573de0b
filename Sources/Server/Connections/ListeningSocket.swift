// Binds a Unix socket at a path. It sets the mode before anybody can connect. It replaces a socket
// that nobody serves any more, and refuses one that somebody serves.

import Glibc
import NIOCore
import Secrets

package enum ListeningSocket {
    /// Returns a bound descriptor, on which nobody listens yet.
    package static func bind(path: String, mode: mode_t) throws(ListeningFault) -> Int32 {
        func fail(_ reason: String) -> ListeningFault { ListeningFault(path: path, reason: reason) }
        guard var address = sockaddr_un(path: path) else { throw fail("the path is too long") }
        try removeStale(path, &address)

        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw fail(errorText(errno)) }
        // The socket is born with no permissions at all, and gets its mode before anyone listens.
        let mask = umask(0o777)
        let status = address.withSocketAddress { Glibc.bind(descriptor, $0, $1) }
        let reason = errno
        umask(mask)
        guard status == 0, chmod(path, mode) == 0 else {
            let text = errorText(status == 0 ? errno : reason)
            close(descriptor)
            throw fail(text)
        }
        return descriptor
    }

    /// Has a queue of our length hold, whoever has called listen(2) before, as systemd does. The
    /// kernel shortens it to net.core.somaxconn without a word.
    static func listen(on descriptor: Int32) throws {
        guard Glibc.listen(descriptor, ServerPolicy.listenQueueMax) == 0 else {
            throw IOError(errnoCode: errno, reason: "listen")
        }
    }

    /// A socket file that nobody answers on was left by a process that was killed.
    private static func removeStale(
        _ path: String, _ address: inout sockaddr_un
    ) throws(ListeningFault) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        guard info.st_mode & S_IFMT == S_IFSOCK else {
            throw ListeningFault(path: path, reason: "something else is there")
        }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        guard address.withSocketAddress({ connect(descriptor, $0, $1) }) != 0 else {
            throw ListeningFault(path: path, reason: "another process is serving it")
        }
        guard errno == ECONNREFUSED else {
            throw ListeningFault(path: path, reason: errorText(errno))
        }
        unlink(path)
    }
}

extension sockaddr_un {
    /// Nil when the path does not fit into 107 bytes (unix(7)).
    fileprivate init?(path: String) {
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let isFitting = withUnsafeMutableBytes(of: &sun_path) { field in
            guard bytes.count < field.count, !bytes.contains(0) else { return false }
            field.copyBytes(from: bytes)
            return true
        }
        guard isFitting else { return nil }
    }

    fileprivate mutating func withSocketAddress(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &self) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
