// What an admin asks of the whole of totpd, and who asks it.

import Store
import Wire

struct AdminTask: Sendable {
    let request: AdminRequest
    let op: OperationName
    let peer: Peer

    init(_ request: AdminRequest, _ op: OperationName, _ peer: Peer) {
        self.request = request
        self.op = op
        self.peer = peer
    }
}
