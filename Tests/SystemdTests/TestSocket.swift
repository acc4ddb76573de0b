// Unix sockets and pipes for these tests, made by calls of their own. They do not use the code
// under test: a mistake in an address would then be made on both sides and pass.

import Foundation

/// A descriptor that is closed at the end of its test.
final class TestSocket {
    let descriptor: Int32
    private let path: String?

    init(
        domain: Int32 = AF_UNIX, type: __socket_type = SOCK_STREAM, boundTo name: String? = nil,
        listening: Bool = false
    ) throws {
        path = name?.hasPrefix("/") == true ? name : nil
        descriptor = try checked(socket(domain, Int32(type.rawValue), 0))
        try limitWaiting(of: descriptor)
        if let name { try bind(to: name) }
        if listening { try checked(listen(descriptor, 4)) }
    }

    deinit {
        close(descriptor)
        if let path { unlink(path) }
    }

    /// The next datagram.
    func receive() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 8_192)
        let count = try checked(recv(descriptor, &buffer, buffer.count, 0))
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    /// Whether all datagrams were received.
    func isDrained() -> Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT)) == -1 && errno == EAGAIN
    }

    private func bind(to name: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.utf8.map { $0 == UInt8(ascii: "@") ? 0 : $0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(2 + bytes.count + (name.hasPrefix("/") ? 1 : 0))
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.bind(descriptor, $0, size)
            }
        }
        try checked(status)
    }
}

/// A name in the temporary folder that nobody else uses.
func freshPath() -> String {
    "\(FileManager.default.temporaryDirectory.path)/systemd-\(UUID().uuidString.prefix(8))"
}

/// A wait in vain ends as EAGAIN after ten seconds, long for any machine that is not broken.
func limitWaiting(of descriptor: Int32) throws {
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    try checked(setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size))
}

@discardableResult
func checked<Number: SignedInteger>(_ result: Number) throws -> Number {
    guard result != -1 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return result
}
