// Who is at the other end of a connection, as the kernel saw it when it was made (SO_PEERCRED,
// unix(7)). A peer that the kernel does not name must never be taken for somebody.

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
}
