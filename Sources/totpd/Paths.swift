// Where state, keys and sockets are, once the command line was read.

import LMDBStore

struct Paths {
    let state: String
    /// Nil where the host keeps none.
    let epochs: HostEpochs?
    let keys: KeySource
    let sockets: Sockets
}
