// Takes over the sockets that systemd listens on for us, by the protocol of sd_listen_fds(3). Each
// descriptor is checked first.

import Glibc

package enum Listeners {
    /// A shared host's apps with a socket each, and then some; more are a mistake in a unit file.
    package static let countMax: Int32 = 256

    /// Systemd's descriptors in their order, closed on exec; empty when none were passed.
    ///
    /// As in sd_listen_fds_with_names(3), all are called `unknown` when LISTEN_FDNAMES is not
    /// there. Unlike there, sockets for another process are an error: it means a wrapper that does
    /// not `exec`, and silence would make us listen in vain. `pid` is our own process id; the first
    /// descriptor is a parameter for tests alone.
    package static func inherited(
        environment: [String: String], pid: Int32, firstDescriptor: Int32 = 3
    ) throws(SystemdError) -> [InheritedSocket] {
        let receiver: Int32? = try number("LISTEN_PID", in: environment)
        let count: Int32? = try number("LISTEN_FDS", in: environment)
        if receiver == nil, count == nil { return [] }
        guard let receiver else { throw .variableMissing(name: "LISTEN_PID") }
        guard let count else { throw .variableMissing(name: "LISTEN_FDS") }
        guard receiver == pid else {
            throw .listenersOfAnotherProcess(theirs: receiver, ours: pid)
        }
        guard count <= countMax else {
            throw .variableMalformed(name: "LISTEN_FDS", value: "\(count)")
        }

        let names = try names(of: count, in: environment)
        var sockets: [InheritedSocket] = []
        for (name, descriptor) in zip(names, firstDescriptor...) {
            try verify(descriptor, name: name)
            try closeOnExec(descriptor)
            sockets.append(InheritedSocket(name: name, descriptor: descriptor))
        }
        return sockets
    }

    private static func names(
        of count: Int32, in environment: [String: String]
    ) throws(SystemdError) -> [String] {
        guard let joined = environment["LISTEN_FDNAMES"] else {
            return Array(repeating: "unknown", count: Int(count))
        }
        // No sockets have no names, though splitting nothing gives one empty name.
        if count == 0, joined.isEmpty { return [] }
        let names = joined.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard names.count == count else {
            throw .listenerNamesUneven(names: names.count, descriptors: Int(count))
        }
        return names
    }

    private static func verify(_ descriptor: Int32, name: String) throws(SystemdError) {
        let reason: String
        if try socketOption(SO_DOMAIN, of: descriptor) != AF_UNIX {
            reason = "it is no Unix socket, use ListenStream= with a path"
        } else if try socketOption(SO_TYPE, of: descriptor) != Int32(SOCK_STREAM.rawValue) {
            reason = "it is no stream socket, use ListenStream="
        } else if try socketOption(SO_ACCEPTCONN, of: descriptor) == 0 {
            reason = "it does not listen, use Accept=no"
        } else {
            return
        }
        throw .listenerUnfit(name: name, descriptor: descriptor, reason: reason)
    }

    private static func socketOption(
        _ option: Int32, of descriptor: Int32
    ) throws(SystemdError) -> Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        try check("getsockopt on descriptor \(descriptor)") {
            getsockopt(descriptor, SOL_SOCKET, option, &value, &size)
        }
        return value
    }

    private static func closeOnExec(_ descriptor: Int32) throws(SystemdError) {
        let call = "fcntl on descriptor \(descriptor)"
        let flags = try check(call) { fcntl(descriptor, F_GETFD) }
        try check(call) { fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
    }
}
