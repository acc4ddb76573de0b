// Waits for many sockets at once (epoll(7)). It owns its descriptor; the sockets stay their
// owners'.

import Glibc

struct Poller: ~Copyable {
    private static let eventsMax = 256

    private let descriptor: Int32
    private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: eventsMax)

    init() throws(LoadError) {
        descriptor = epoll_create1(0)
        guard descriptor != -1 else { throw .callFailed(call: "epoll_create1", code: errno) }
    }

    deinit {
        close(descriptor)
        events.deallocate()
    }

    func add(_ socket: Int32, index: Int) throws(LoadError) {
        try control(EPOLL_CTL_ADD, socket, index, forRoom: false)
    }

    func watch(_ socket: Int32, index: Int, forRoom: Bool) throws(LoadError) {
        try control(EPOLL_CTL_MOD, socket, index, forRoom: forRoom)
    }

    /// How many sockets are ready, 0 when none was in time.
    func wait(milliseconds: Int32) throws(LoadError) -> Int {
        while true {
            let count = epoll_wait(
                descriptor, events.baseAddress, Int32(Self.eventsMax), milliseconds)
            if count >= 0 { return Int(count) }
            guard errno == EINTR else { throw .callFailed(call: "epoll_wait", code: errno) }
        }
    }

    /// The index under which the ready socket was added.
    func index(ofReady place: Int) -> Int { Int(events[place].data.u64) }

    private func control(
        _ operation: Int32, _ socket: Int32, _ index: Int, forRoom: Bool
    ) throws(LoadError) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (forRoom ? EPOLLOUT.rawValue : 0)
        event.data.u64 = UInt64(index)
        guard epoll_ctl(descriptor, operation, socket, &event) == 0 else {
            throw .callFailed(call: "epoll_ctl", code: errno)
        }
    }
}
