// The process at the other end of the socket (SO_PEERCRED, unix(7)).

package struct Peer: Equatable, Sendable {
    package let uid: UInt32
    package let pid: Int32

    package init(uid: UInt32, pid: Int32) {
        self.uid = uid
        self.pid = pid
    }
}
