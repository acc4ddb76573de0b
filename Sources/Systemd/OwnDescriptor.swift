// A descriptor of our own, closed when its owner is gone.

import Glibc

struct OwnDescriptor: ~Copyable {
    let number: Int32

    deinit {
        // Other failures of close(2) concern unwritten data, and a datagram socket has none.
        if close(number) == -1, errno == EBADF {
            preconditionFailure("a descriptor has one owner, and that one closes it once")
        }
    }
}
