// A file descriptor with one owner, closed when the owner is gone. Everything here is closed on
// exec, so that no child holds what belongs to another.

import Glibc

package final class Descriptor: Sendable {
    package let number: Int32

    /// Takes over `number`.
    package init(_ number: Int32, _ call: String) throws {
        guard number >= 0 else { throw HarnessFault.call(call) }
        self.number = number
    }

    deinit { close(number) }

    /// What is written to the second can be read from the first: as a pipe, but closed on exec from
    /// its first moment, even while another thread starts a process.
    package static func pair() throws -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw HarnessFault.call("socketpair")
        }
        return (try Descriptor(ends[0], "socketpair"), try Descriptor(ends[1], "socketpair"))
    }

    /// Whether one of `events` came before the deadline.
    package func wait(for events: Int32, _ deadline: Deadline) throws -> Bool {
        var one = pollfd(fd: number, events: Int16(events), revents: 0)
        while true {
            let count = poll(&one, 1, deadline.millisecondsLeft)
            if count > 0 { return true }
            if count < 0, errno != EINTR { throw HarnessFault.call("poll") }
            if count == 0, deadline.hasPassed { return false }
        }
    }

    /// What can be read now, without waiting: empty at the end, nil when there is nothing yet.
    package func readNow() throws -> [UInt8]? {
        guard try wait(for: POLLIN, Deadline(seconds: 0)) else { return nil }
        var failure: HarnessFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            let status = read(number, buffer.baseAddress, buffer.count)
            count = max(0, status)
            // A peer that closed on us before it had read everything ends the stream all the same.
            if status < 0, errno != ECONNRESET { failure = .call("read") }
        }
        if let failure { throw failure }
        return bytes
    }
}
