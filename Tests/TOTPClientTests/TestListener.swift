// A socket in the file system that listens, made and removed by a test.

import Foundation

final class TestListener {
    let path: String
    private let descriptor: Int32

    /// A path of this many bytes, in the folder for temporary files.
    static func freshPath(bytes: Int = 60) -> String {
        let start = "/tmp/totpclient-\(UUID().uuidString.prefix(8))-"
        return start.padding(toLength: bytes, withPad: "x", startingAt: 0)
    }

    init(path: String = freshPath(), backlog: Int32 = 4) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        try Peer.check(descriptor, "socket")

        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try Peer.check(result, "bind")
        try Peer.check(listen(descriptor, backlog), "listen")
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func accept() throws -> Peer {
        let number = Glibc.accept(descriptor, nil, nil)
        try Peer.check(number, "accept")
        return try Peer(number)
    }

    /// Nobody listens any more, and the file stays, as after a crash.
    func abandon() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
