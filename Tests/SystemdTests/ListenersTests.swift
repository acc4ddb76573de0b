// Hands over sockets as systemd does, at numbers far above those in use.

import Foundation
import Testing

@testable import Systemd

/// One test after another, because they share the numbers from `first` on.
@Suite(.serialized) struct ListenersTests {
    /// As high as the process may go: other tests, some with thousands of connections in this very
    /// process, take the lowest descriptors that are free, and dup2 would close theirs.
    private let first = Self.highestDescriptors

    private static let highestDescriptors: Int32 = {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0 else { return 704 }
        limit.rlim_cur = min(limit.rlim_max, 1 << 20)
        return setrlimit(kind, &limit) == 0 ? Int32(limit.rlim_cur) - 320 : 704
    }()

    @Test("two sockets arrive in order, by name, and are closed on exec")
    func two() throws {
        let sockets = [try listener(), try listener()]
        try handOver(sockets) {
            #expect(try !isClosedOnExec(first))
            let inherited = try take(count: 2, names: "totpd:totpd-admin")
            #expect(
                inherited == [
                    InheritedSocket(name: "totpd", descriptor: first),
                    InheritedSocket(name: "totpd-admin", descriptor: first + 1),
                ])
            #expect(try isClosedOnExec(first))
            #expect(try isClosedOnExec(first + 1))
        }
    }

    @Test("a client reaches the socket that was taken over")
    func accepts() throws {
        let name = "@\(freshPath())"
        let server = try TestSocket(boundTo: name, listening: true)
        try handOver([server]) {
            let taken = try #require(try take(count: 1, names: "totpd").first)
            let client = try TestSocket()
            let address = try #require(UnixAddress(name))
            try checked(address.withSocketAddress { connect(client.descriptor, $0, $1) })
            try checked(close(try checked(accept(taken.descriptor, nil, nil))))
        }
    }

    @Test("missing names are all unknown, as sd_listen_fds_with_names(3) has it")
    func missingNames() throws {
        try handOver([try listener(), try listener()]) {
            let inherited = try take(count: 2, names: nil)
            #expect(inherited.map(\.name) == ["unknown", "unknown"])
        }
    }

    @Test("no sockets are no error", arguments: [nil, ""])
    func none(names: String?) throws {
        #expect(try take(count: 0, names: names).isEmpty)
        #expect(try Listeners.inherited(environment: [:], pid: 7).isEmpty)
    }

    @Test(
        "names and descriptors must be equal in number",
        arguments: [
            (1, "", 1, true), (1, "a:b", 2, false), (2, "a", 1, false), (0, "a", 1, false),
            (2, "a:", 2, true), (1, ":", 2, false),
        ])
    func uneven(count: Int32, names: String, nameCount: Int, fits: Bool) throws {
        try handOver(try (0..<count).map { _ in try listener() }) {
            guard !fits else {
                let inherited = try take(count: count, names: names)
                return #expect(inherited.count == Int(count))
            }
            let error = SystemdError.listenerNamesUneven(
                names: nameCount, descriptors: Int(count))
            #expect(throws: error) { try take(count: count, names: names) }
        }
    }

    @Test("sockets for another process are refused")
    func otherProcess() {
        let environment = ["LISTEN_PID": "8", "LISTEN_FDS": "1"]
        #expect(throws: SystemdError.listenersOfAnotherProcess(theirs: 8, ours: 7)) {
            try Listeners.inherited(environment: environment, pid: 7)
        }
    }

    @Test("one variable without the other is refused")
    func half() {
        #expect(throws: SystemdError.variableMissing(name: "LISTEN_PID")) {
            try Listeners.inherited(environment: ["LISTEN_FDS": "1"], pid: 7)
        }
        #expect(throws: SystemdError.variableMissing(name: "LISTEN_FDS")) {
            try Listeners.inherited(environment: ["LISTEN_PID": "7"], pid: 7)
        }
    }

    @Test("what is no number is refused", arguments: ["", "-1", "+1", "1 ", "x", "4294967296"])
    func malformed(value: String) {
        #expect(throws: SystemdError.variableMalformed(name: "LISTEN_FDS", value: value)) {
            try Listeners.inherited(
                environment: ["LISTEN_PID": "7", "LISTEN_FDS": value], pid: 7)
        }
        #expect(throws: SystemdError.variableMalformed(name: "LISTEN_PID", value: value)) {
            try Listeners.inherited(
                environment: ["LISTEN_PID": value, "LISTEN_FDS": "1"], pid: 7)
        }
    }

    @Test("256 sockets are taken, 257 are refused")
    func limit() throws {
        try handOver(try (0..<257).map { _ in try listener() }) {
            let inherited = try take(count: 256, names: nil)
            #expect(inherited.count == 256)
            #expect(throws: SystemdError.variableMalformed(name: "LISTEN_FDS", value: "257")) {
                try take(count: 257, names: nil)
            }
        }
    }

    @Test("every other kind of socket is refused with its reason")
    func unfit() throws {
        let kinds: [(TestSocket, String)] = [
            (
                try TestSocket(domain: AF_INET, listening: true),
                "it is no Unix socket, use ListenStream= with a path"
            ),
            (
                try TestSocket(type: SOCK_DGRAM, boundTo: "@\(freshPath())"),
                "it is no stream socket, use ListenStream="
            ),
            (
                try TestSocket(
                    type: SOCK_SEQPACKET, boundTo: "@\(freshPath())", listening: true),
                "it is no stream socket, use ListenStream="
            ),
            (try TestSocket(boundTo: "@\(freshPath())"), "it does not listen, use Accept=no"),
        ]
        for (socket, reason) in kinds {
            try handOver([try listener(), socket]) {
                let error = SystemdError.listenerUnfit(
                    name: "bad", descriptor: first + 1, reason: reason)
                #expect(throws: error) { try take(count: 2, names: "good:bad") }
            }
        }
    }

    @Test("a file and a closed descriptor are refused")
    func noSocket() throws {
        let call = "getsockopt on descriptor \(first)"
        #expect(throws: SystemdError.callFailed(call: call, code: EBADF)) {
            try take(count: 1, names: "totpd")
        }
        let file = try checked(open("/dev/null", O_RDWR))
        try checked(dup2(file, first))
        defer {
            close(file)
            close(first)
        }
        #expect(throws: SystemdError.callFailed(call: call, code: ENOTSOCK)) {
            try take(count: 1, names: "totpd")
        }
    }

    private func listener() throws -> TestSocket {
        try TestSocket(boundTo: "@\(freshPath())", listening: true)
    }

    private func take(count: Int32, names: String?) throws -> [InheritedSocket] {
        var environment = ["LISTEN_PID": "7", "LISTEN_FDS": "\(count)"]
        environment["LISTEN_FDNAMES"] = names
        return try Listeners.inherited(environment: environment, pid: 7, firstDescriptor: first)
    }

    /// Copies at `first` and on, left open on exec as systemd's are, closed after the body.
    private func handOver(_ sockets: [TestSocket], _ body: () throws -> Void) throws {
        let numbers = zip(sockets, first...).map { ($0.descriptor, $1) }
        for (descriptor, number) in numbers { try checked(dup2(descriptor, number)) }
        let result = Result { try body() }
        for (_, number) in numbers { try checked(close(number)) }
        try result.get()
    }

    private func isClosedOnExec(_ descriptor: Int32) throws -> Bool {
        try checked(fcntl(descriptor, F_GETFD)) & FD_CLOEXEC != 0
    }
}
