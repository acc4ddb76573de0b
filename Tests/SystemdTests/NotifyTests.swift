// Receives our notifications as systemd does, on real datagram sockets, without systemd.

import Foundation
import Testing

@testable import Systemd

@Suite struct NotifyTests {
    @Test("without NOTIFY_SOCKET there is nobody to tell")
    func absent() throws {
        #expect(try Notify(environment: [:]) == nil)
    }

    @Test(
        "addresses that cannot be right are refused",
        arguments: [
            "", "/", "@", "relative/path", "vsock:2:1234", "/a\0b",
            "/" + String(repeating: "a", count: 107),
            "@" + String(repeating: "a", count: 107),
        ])
    func malformed(address: String) {
        let error = SystemdError.variableMalformed(name: "NOTIFY_SOCKET", value: address)
        #expect(throws: error) { try Notify(environment: ["NOTIFY_SOCKET": address]) }
    }

    @Test("the longest addresses are reached, by path and by abstract name", arguments: ["/", "@"])
    func longestAddress(kind: String) throws {
        let name = kind == "/" ? freshPath() : "@\(freshPath())"
        let longest = name.padding(toLength: 107, withPad: "x", startingAt: 0)
        let manager = try TestSocket(type: SOCK_DGRAM, boundTo: longest)
        try #require(try Notify(environment: ["NOTIFY_SOCKET": longest])).status("a")
        #expect(try manager.receive() == "STATUS=a")
    }

    @Test("each state arrives as one datagram in systemd's words", arguments: ["/", "@"])
    func states(kind: String) throws {
        let (manager, notify) = try managerAndNotify(kind: kind)
        try notify.ready(status: "serving")
        #expect(try manager.receive() == "READY=1\nSTATUS=serving")
        try notify.status("draining")
        #expect(try manager.receive() == "STATUS=draining")
        try notify.watchdog(status: "serving two")
        #expect(try manager.receive() == "WATCHDOG=1\nSTATUS=serving two")
        try notify.stopping(status: "finishing")
        #expect(try manager.receive() == "STOPPING=1\nSTATUS=finishing")
        try notify.send("FDSTORE=0\nX_OWN=1")
        #expect(try manager.receive() == "FDSTORE=0\nX_OWN=1")
        #expect(manager.isDrained())
    }

    @Test("a reload carries the monotonic time between before and after")
    func reloading() throws {
        let (manager, notify) = try managerAndNotify(kind: "@")
        let before = try monotonicMicroseconds()
        try notify.reloading()
        let after = try monotonicMicroseconds()

        let lines = try manager.receive().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == "RELOADING=1")
        let time = try #require(lines.last?.split(separator: "=").last.flatMap { Int64($0) })
        #expect(lines.last == "MONOTONIC_USEC=\(time)")
        #expect((before...after).contains(time))
    }

    @Test("a status cannot set other variables, and is cut")
    func statusIsOneLine() throws {
        let (manager, notify) = try managerAndNotify(kind: "@")
        try notify.status("a\nMAINPID=1")
        #expect(try manager.receive() == "STATUS=a\\nMAINPID=1")
        try notify.ready(status: String(repeating: "é", count: 9_000))
        let received = try manager.receive()
        #expect(received.hasSuffix("é [cut]"))
        #expect(received.utf8.count <= 1_024 + "READY=1\nSTATUS=".utf8.count)
    }

    @Test("the longest state is sent, one byte more is not")
    func longestState() throws {
        let (manager, notify) = try managerAndNotify(kind: "@")
        let longest = "X_A=" + String(repeating: "a", count: 4_092)
        try notify.send(longest)
        #expect(try manager.receive() == longest)
        #expect(throws: SystemdError.stateTooLong(bytes: 4_097)) { try notify.send(longest + "a") }
        #expect(manager.isDrained())
    }

    @Test("nobody at the address is an error that names it")
    func nobody() throws {
        let path = freshPath()
        let notify = try #require(try Notify(environment: ["NOTIFY_SOCKET": path]))
        #expect(throws: SystemdError.callFailed(call: "sendto \(path)", code: ENOENT)) {
            try notify.status("a")
        }
    }

    @Test("a manager that reads nothing holds us up for the limit only")
    func fullQueue() throws {
        let name = "@\(freshPath())"
        let manager = try TestSocket(type: SOCK_DGRAM, boundTo: name)
        let notify = try #require(
            try Notify(environment: ["NOTIFY_SOCKET": name], sendMillisecondsMax: 20))
        #expect(throws: SystemdError.callFailed(call: "sendto \(name)", code: EAGAIN)) {
            // No kernel's queue is as long as this.
            for _ in 0..<100_000 { try notify.status("a") }
        }
        #expect(try manager.receive() == "STATUS=a")
    }

    @Test("a sign of life waits for nobody")
    func watchdogDoesNotWait() throws {
        let name = "@\(freshPath())"
        let manager = try TestSocket(type: SOCK_DGRAM, boundTo: name)
        // Longer than this test may take: whoever waited would be noticed.
        let notify = try #require(
            try Notify(environment: ["NOTIFY_SOCKET": name], sendMillisecondsMax: 3_600_000))
        #expect(throws: SystemdError.callFailed(call: "sendto \(name)", code: EAGAIN)) {
            for _ in 0..<100_000 { try notify.watchdog(status: "a") }
        }
        #expect(try manager.receive() == "WATCHDOG=1\nSTATUS=a")
    }

    @Test("no descriptor stays open")
    func descriptorsAreClosed() throws {
        let (manager, notify) = try managerAndNotify(kind: "@")
        for _ in 0..<3_000 {
            try notify.status("a")
            _ = try manager.receive()
        }
        // A leak would be 3,000 of them. Other tests of this process have thousands of sockets open
        // meanwhile, and few for datagrams.
        #expect(datagramSockets() < 2_000)
    }

    private func datagramSockets() -> Int {
        // What one process may have open; -1 is no limit (sysconf(3)).
        let limit = sysconf(Int32(_SC_OPEN_MAX))
        let most = limit < 0 ? 65_536 : min(limit, 65_536)
        return (0..<Int32(most)).filter { descriptor in
            var type: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0
                && type == Int32(SOCK_DGRAM.rawValue)
        }.count
    }

    private func managerAndNotify(kind: String) throws -> (TestSocket, Notify) {
        let name = kind == "/" ? freshPath() : "@\(freshPath())"
        let manager = try TestSocket(type: SOCK_DGRAM, boundTo: name)
        return (manager, try #require(try Notify(environment: ["NOTIFY_SOCKET": name])))
    }
}

private func monotonicMicroseconds() throws -> Int64 {
    var now = timespec()
    try checked(clock_gettime(CLOCK_MONOTONIC, &now))
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
}
