// A socket that takes connections, as its queue does, and never says anything.

import DaemonHarness
import Foundation
import Glibc

struct ListeningSocket {
    private let socket: Descriptor

    init(at path: String) throws {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        socket = try Descriptor(Glibc.socket(AF_UNIX, kind, 0), "socket")
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, listen(socket.number, 64) == 0 else { throw HarnessFault.call("bind") }
    }
}
