// Tells systemd how the service is doing, by the protocol of sd_notify(3).

import Glibc

package struct Notify: Sendable {
    /// systemd's buffer for one notification (PIPE_BUF); it drops what is longer.
    package static let stateBytesMax = 4_096

    /// Room for the other variables of the same notification.
    static let statusBytesMax = 1_024

    private let address: UnixAddress
    private let sendMillisecondsMax: Int

    /// Nil when there is nobody to tell: the service was not started by systemd, or not with
    /// `Type=notify`. How long a notification may wait is a parameter for tests alone: two seconds
    /// are long for a manager that lives, and short against any watchdog.
    package init?(
        environment: [String: String], sendMillisecondsMax: Int = 2_000
    ) throws(SystemdError) {
        guard let path = environment["NOTIFY_SOCKET"] else { return nil }
        guard let address = UnixAddress(path) else {
            throw .variableMalformed(name: "NOTIFY_SOCKET", value: path)
        }
        self.address = address
        self.sendMillisecondsMax = sendMillisecondsMax
    }

    /// Start-up is complete.
    package func ready(status: String) throws(SystemdError) {
        try send("READY=1\n" + statusLine(status))
    }

    /// The configuration is being read again; `ready` tells the end. Only with the time of the
    /// monotonic clock can `Type=notify-reload` tell this reload from an older one.
    package func reloading() throws(SystemdError) {
        var now = timespec()
        try check("clock_gettime") { clock_gettime(CLOCK_MONOTONIC, &now) }
        let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
        try send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
    }

    package func stopping(status: String) throws(SystemdError) {
        try send("STOPPING=1\n" + statusLine(status))
    }

    /// One line for `systemctl status`.
    package func status(_ text: String) throws(SystemdError) {
        try send(statusLine(text))
    }

    /// The service is alive, and this is what it does; due within each `Watchdog.interval`.
    ///
    /// At once or not at all, so that an event loop may say it; systemd forgives one that is lost.
    package func watchdog(status: String) throws(SystemdError) {
        try send("WATCHDOG=1\n" + statusLine(status), mayWait: false)
    }

    /// Variables in one datagram, separated by newlines. It waits while systemd's queue is full,
    /// unless it may not; so it is no call for an event loop.
    package func send(_ state: String, mayWait: Bool = true) throws(SystemdError) {
        let bytes = Array(state.utf8)
        guard bytes.count <= Self.stateBytesMax else { throw .stateTooLong(bytes: bytes.count) }

        let descriptor = OwnDescriptor(
            number: try check("socket") {
                socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            })
        try limitWaiting(of: descriptor)
        let flags = Int32(mayWait ? MSG_NOSIGNAL : MSG_NOSIGNAL | MSG_DONTWAIT)
        // A datagram leaves whole or not at all, so the number of bytes says nothing more.
        try check("sendto \(address.name)") {
            address.withSocketAddress { pointer, size in
                sendto(descriptor.number, bytes, bytes.count, flags, pointer, size)
            }
        }
    }

    private func limitWaiting(of descriptor: borrowing OwnDescriptor) throws(SystemdError) {
        let number = descriptor.number
        var limit = timeval(
            tv_sec: sendMillisecondsMax / 1_000, tv_usec: sendMillisecondsMax % 1_000 * 1_000)
        try check("setsockopt SO_SNDTIMEO") {
            setsockopt(
                number, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// A newline in the text would let it set any other variable, the main process's id included.
    private func statusLine(_ text: String) -> String {
        "STATUS="
            + String(decoding: oneLine(text, bytesMax: Self.statusBytesMax), as: UTF8.self)
    }
}
