// Where state, keys and sockets are, once the command line was read.

struct Paths {
    let state: String
    let keys: KeySource
    let sockets: Sockets
}
