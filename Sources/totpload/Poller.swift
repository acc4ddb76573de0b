// Waits for many sockets at once. The sockets stay their owners'. It uses poll(2), because the
// module Glibc has no epoll(7); up to some hundred sockets the difference is a few microseconds.

import Glibc

struct Poller: ~Copyable {
    private let entries: UnsafeMutableBufferPointer<pollfd>

    init(_ sockets: [Int32]) {
        entries = UnsafeMutableBufferPointer.allocate(capacity: sockets.count)
        for (index, socket) in sockets.enumerated() {
            entries.initializeElement(
                at: index, to: pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
        }
    }

    deinit {
        entries.deallocate()
    }

    func watch(_ index: Int, forRoom: Bool) {
        entries[index].events = Int16(POLLIN | (forRoom ? POLLOUT : 0))
    }

    /// How many sockets are ready, 0 when none was in time.
    func wait(milliseconds: Int32) throws(LoadError) -> Int {
        while true {
            let count = poll(entries.baseAddress, nfds_t(entries.count), milliseconds)
            if count >= 0 { return Int(count) }
            guard errno == EINTR else { throw .callFailed(call: "poll", code: errno) }
        }
    }

    /// After `wait`: whether there is something to read, room to write, or a hang-up.
    func isReady(_ index: Int) -> Bool { entries[index].revents != 0 }
}
