// How long the queue of a listening Unix socket is, as the kernel says (sock_diag(7)). What a
// program asked for is no proof, since whoever calls listen(2) last decides.

import Glibc

package enum ListenQueue {
    /// How many connections may wait to be accepted at the socket of a path.
    package static func most(at path: String) throws -> Int {
        // NETLINK_SOCK_DIAG is 4 (linux/netlink.h).
        let descriptor = try Descriptor(
            socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 4),
            "a netlink socket")
        // A message of 40 bytes, SOCK_DIAG_BY_FAMILY with NLM_F_REQUEST and NLM_F_DUMP; then all
        // sockets of AF_UNIX that listen, with UDIAG_SHOW_NAME and UDIAG_SHOW_RQLEN.
        let request: [UInt32] = [
            40, 20 | 0x301 << 16, 1, 0, UInt32(AF_UNIX), 1 << 10, 0, 0x11, 0, 0,
        ]
        let sent = request.withUnsafeBytes { send(descriptor.number, $0.baseAddress, $0.count, 0) }
        guard sent == 40 else { throw HarnessFault.call("send to sock_diag") }
        var found: [Int] = []
        while let part = try receive(descriptor) { found += part[path, default: []] }
        guard found.count == 1 else {
            throw HarnessFault("\(found.count) sockets listen at \(path)")
        }
        return found[0]
    }

    /// The lengths of one part of the answer by the paths of their sockets; nil at its end.
    private static func receive(_ descriptor: Descriptor) throws -> [String: [Int]]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor.number, &buffer, buffer.count, 0)
        guard count > 0 else { throw HarnessFault.call("recv from sock_diag") }
        return try buffer.withUnsafeBytes { bytes in
            var found: [String: [Int]] = [:]
            var start = 0
            while start < count {
                let size = Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
                let kind = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt16.self)
                // NLMSG_DONE ends the answer.
                if kind == 3 { return nil }
                guard kind == 20, size >= 32, start + size <= count else {
                    throw HarnessFault("sock_diag answers with a message of the type \(kind)")
                }
                // Behind the header stand 16 bytes of struct unix_diag_msg.
                let message = UnsafeRawBufferPointer(rebasing: bytes[start + 32..<start + size])
                if let (path, most) = listener(message) { found[path, default: []].append(most) }
                start += (size + 3) & ~3
            }
            return found
        }
    }

    /// The path and the length in the attributes of a socket (rtnetlink(3)).
    private static func listener(_ bytes: UnsafeRawBufferPointer) -> (String, Int)? {
        var path: String?
        var most: Int?
        var start = 0
        while start + 4 <= bytes.count {
            let size = Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt16.self))
            guard size >= 4, start + size <= bytes.count else { return nil }
            let value = bytes[start + 4..<start + size]
            switch bytes.loadUnaligned(fromByteOffset: start + 2, as: UInt16.self) {
            // UNIX_DIAG_NAME, with the NUL of some.
            case 0: path = String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
            // UNIX_DIAG_RQLEN: what waits, and what may.
            case 4 where size >= 12:
                most = Int(bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self))
            default: break
            }
            start += (size + 3) & ~3
        }
        guard let path, let most else { return nil }
        return (path, most)
    }
}
