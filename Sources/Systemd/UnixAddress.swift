// The address of a Unix socket: a path, or a name in the abstract namespace with a leading `@`. An
// address that is too long is an error: shortened, it would be another socket.

import Glibc

struct UnixAddress: Sendable {
    /// `sun_path` has 108 bytes, and a path needs a NUL at its end (unix(7)).
    static let nameBytesMax = 107

    /// As it was given.
    let name: String

    /// Nil for relative paths, other address families (`vsock:`), NULs, and what does not fit.
    init?(_ name: String) {
        guard name.hasPrefix("/") || name.hasPrefix("@"), name.utf8.count > 1,
            name.utf8.count <= Self.nameBytesMax, !name.utf8.contains(0)
        else { return nil }
        self.name = name
    }

    /// The pointer is for the closure alone.
    func withSocketAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var bytes = Array(name.utf8)
        // An abstract name starts with NUL and ends with the size; a path ends with a NUL.
        if name.hasPrefix("@") { bytes[0] = 0 } else { bytes.append(0) }

        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { $0 + bytes.count }
        guard let size else { preconditionFailure("a stored field has an offset") }

        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(size))
            }
        }
    }
}
