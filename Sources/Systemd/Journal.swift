// Sends structured entries to the journal, by its native protocol
// (systemd.io/JOURNAL_NATIVE_PROTOCOL). It does not wait for a journal that is full. No value can
// begin a field of its own.

import Glibc

package struct Journal: Sendable {
    package static let socketPath = "/run/systemd/journal/socket"

    /// The longest value; what is longer is cut, and says so. A datagram of a dozen such values is
    /// far below what a socket takes at once (net.core.wmem_default, 208 KiB).
    package static let valueBytesMax = 1_024

    private let address: UnixAddress
    private let descriptor: Int32

    /// Nil unless `stderr` is the journal's: then entries belong where the log lines go. The
    /// descriptor stays open for the life of the process.
    package init?(
        environment: [String: String], stderr: Int32 = STDERR_FILENO,
        path: String = Journal.socketPath
    ) throws(SystemdError) {
        guard goesToJournal(stderr, environment) else { return nil }
        guard let address = UnixAddress(path) else {
            throw .variableMalformed(name: "the journal's socket", value: path)
        }
        self.address = address
        descriptor = try check("socket") {
            socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
    }

    /// One entry, at once or not at all; says whether the journal has taken it. It is no error if
    /// not: an event loop must not wait for a log.
    package func send(_ message: String, level: LogLevel, fields: [(String, String)]) -> Bool {
        let all =
            [
                ("MESSAGE", message), ("PRIORITY", "\(level.rawValue)"),
                ("SYSLOG_IDENTIFIER", "totpd"),
            ] + fields
        let bytes = Self.encode(all)
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        do {
            let count = try check("sendto") {
                address.withSocketAddress { pointer, size in
                    sendto(descriptor, bytes, bytes.count, flags, pointer, size)
                }
            }
            return count == bytes.count
        } catch {
            // The journal is full or gone; the caller counts what it could not say.
            return false
        }
    }

    /// `NAME=value`, a line each. Values are made to fit into one line, so the protocol's other
    /// form, for those that do not, is never needed.
    static func encode(_ fields: [(String, String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            precondition(isName(name), "a field's name is ours, and A-Z, 0-9 and _")
            bytes += name.utf8
            bytes.append(UInt8(ascii: "="))
            bytes += oneLine(value, bytesMax: valueBytesMax)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// What journald takes from a service: names that begin with `_` are its own.
    private static func isName(_ name: String) -> Bool {
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = name.utf8.first, letters.contains(first), name.utf8.count <= 64 else {
            return false
        }
        return name.utf8.allSatisfy {
            letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
        }
    }
}

/// Whether a descriptor is the journal's stream: JOURNAL_STREAM tells, if it still fits. The
/// variable is inherited by programs whose stderr was redirected since.
func goesToJournal(_ descriptor: Int32, _ environment: [String: String]) -> Bool {
    guard let stream = environment["JOURNAL_STREAM"] else { return false }
    var file = stat()
    guard fstat(descriptor, &file) == 0 else { return false }
    return stream == "\(file.st_dev):\(file.st_ino)"
}
