// The socket of a service manager, as a service finds it in NOTIFY_SOCKET.

import DaemonHarness
import Foundation

final class NotifySocket {
    let path: String
    private let socket: Descriptor

    init(path: String) throws {
        self.path = path
        socket = try Descriptor(
            Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "socket")
        try bindSocket(socket, path)
    }

    /// The variables of the next notification.
    func next(_ deadline: Deadline = .usual) throws -> [String: String] {
        guard try socket.wait(for: POLLIN, deadline), let bytes = try socket.readNow() else {
            throw HarnessFault("no notification came")
        }
        var variables: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
        }
        return variables
    }

    /// The next notification that has the variable; those before it are passed over.
    func next(with name: String) throws -> [String: String] {
        let deadline = Deadline.usual
        while true {
            let variables = try next(deadline)
            if variables[name] != nil { return variables }
        }
    }
}

/// A Unix stream socket that listens, as a socket unit makes it.
func listeningSocket(path: String) throws -> Descriptor {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = try Descriptor(socket(AF_UNIX, kind, 0), "socket")
    try bindSocket(descriptor, path)
    guard listen(descriptor.number, 128) == 0 else { throw HarnessFault.call("listen") }
    return descriptor
}

private func bindSocket(_ descriptor: Descriptor, _ path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    guard status == 0 else { throw HarnessFault.call("bind \(path)") }
}
