// Who is at the other end of a connection, as the kernel saw it when the connection was made
// (SO_PEERCRED, unix(7)).

import CLinux
import Glibc
import NIOCore
import Store

extension Peer {
    static func of(_ channel: any Channel) -> EventLoopFuture<Peer> {
        guard let options = channel as? any SocketOptionProvider else {
            preconditionFailure("a connection that totpd accepted is a socket")
        }
        let credentials: EventLoopFuture<linux_ucred> = options.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return credentials.map { Peer(uid: $0.uid, pid: $0.pid) }
    }

    /// The groups that the peer's process had when it connected, its first one among them.
    static func groups(of channel: any Channel) throws -> [UInt32] {
        let pipeline = channel.pipeline.syncOperations
        let found = try pipeline.withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
            try groups(ofPeerAt: socket)
        }
        guard let found else {
            preconditionFailure("a connection that totpd accepted is a socket")
        }
        return found
    }

    private static func groups(ofPeerAt descriptor: Int32) throws -> [UInt32] {
        var credentials = linux_ucred()
        var size = socklen_t(MemoryLayout<linux_ucred>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else {
            throw IOError(errnoCode: errno, reason: "SO_PEERCRED")
        }
        var groups = [UInt32](repeating: 0, count: 32)
        while true {
            var bytes = socklen_t(groups.count * MemoryLayout<UInt32>.stride)
            if getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, &groups, &bytes) == 0 {
                let count = Int(bytes) / MemoryLayout<UInt32>.stride
                return [credentials.gid] + groups[..<count]
            }
            // ERANGE says how much room they need: 65,536 groups at most (NGROUPS_MAX).
            let count = Int(bytes) / MemoryLayout<UInt32>.stride
            guard errno == ERANGE, count > groups.count else {
                throw IOError(errnoCode: errno, reason: "SO_PEERGROUPS")
            }
            groups = [UInt32](repeating: 0, count: count)
        }
    }
}
