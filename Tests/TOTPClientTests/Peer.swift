// The server's side of a connection, by calls of its own. It does not use the code under test: a
// mistake would then be made on both sides and pass.

import Foundation
import TOTPClient

/// One end of a connection; it gives up after ten seconds, so that no test hangs.
///
/// Unchecked, because a test hands it to one thread and leaves it alone from then on.
final class Peer: @unchecked Sendable {
    struct Failure: Error {
        let call: String
        let code: Int32
    }

    private let descriptor: Int32
    private var isClosed = false
    private var pending: [UInt8] = []

    init(_ descriptor: Int32) throws {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            try Self.check(
                setsockopt(descriptor, SOL_SOCKET, option, &limit, size), "setsockopt")
        }
    }

    deinit {
        hangUp()
    }

    /// A client and the server it talks to.
    static func pair(timeout: Duration = .seconds(10)) throws -> (TOTPClient, Peer) {
        var ends: [Int32] = [-1, -1]
        try check(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends), "socketpair")
        let socket = UnixSocket(adopting: ends[0])
        return (TOTPClient(socket: socket, timeout: timeout), try Peer(ends[1]))
    }

    /// Serves on a thread of its own; a script that fails hangs up, which the client then notices.
    func serve(_ script: @escaping @Sendable (Peer) throws -> Void) {
        Thread.detachNewThread {
            do { try script(self) } catch { self.hangUp() }
        }
    }

    func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            try Self.check(Int32(count), "send")
            rest = rest.dropFirst(count)
        }
    }

    /// Some bytes, or none at the end.
    func read() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        try Self.check(Int32(count), "recv")
        return Array(buffer.prefix(count))
    }

    /// The next request without its LF.
    func readLine() throws -> String {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeFirst(end + 1) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            let part = try read()
            guard !part.isEmpty else { throw Failure(call: "recv", code: 0) }
            pending.append(contentsOf: part)
        }
    }

    func hangUp() {
        guard !isClosed else { return }
        isClosed = true
        close(descriptor)
    }

    static func check(_ result: Int32, _ call: String) throws {
        guard result != -1 else { throw Failure(call: call, code: errno) }
    }
}
