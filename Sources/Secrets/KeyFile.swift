// Reads the file that holds the master keys. It must never follow a link, read a file that others
// can read or change, or leave the text in memory that is not wiped (pam_oath's CVE-2024-47191).

import Glibc

package enum KeyFile {
    /// Room for several hundred keys; anything longer is a mistake.
    static let bytesMax = 65_536

    /// - Parameter isCredential: the file was laid down by systemd, which lets the service read it
    /// by an access control list; the list's mask then shows as the group's read bit.
    package static func read(
        _ path: String, isCredential: Bool = false
    ) throws(KeyFileFault) -> KeyRing {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(errno: errno) }
        defer { close(descriptor) }
        try examine(descriptor, isCredential: isCredential)

        var status: Result<KeyRing, KeyFileFault> = .failure(.noKey)
        withUnsafeTemporaryAllocation(byteCount: bytesMax + 1, alignment: 1) { buffer in
            defer { wipe(buffer) }
            status = Result { () throws(KeyFileFault) in
                let count = try fill(buffer, from: descriptor)
                return try KeyRing(text: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return try status.get()
    }

    private static func examine(
        _ descriptor: Int32, isCredential: Bool
    ) throws(KeyFileFault) {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw .unreadable(errno: errno) }
        guard info.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard info.st_uid == 0 || info.st_uid == geteuid() else {
            throw .foreignOwner(uid: info.st_uid)
        }
        let forbidden: mode_t = isCredential ? 0o037 : 0o077
        guard info.st_mode & forbidden == 0 else { throw .exposed(mode: info.st_mode & 0o777) }
    }

    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32
    ) throws(KeyFileFault) -> Int {
        var count = 0
        while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let status = Glibc.read(descriptor, rest.baseAddress, rest.count)
            if status < 0 && errno == EINTR { continue }
            guard status >= 0 else { throw .unreadable(errno: errno) }
            if status == 0 { return count }
            count += status
        }
        throw .tooLarge
    }
}

/// What errno(3) says, as in "permission denied".
package func errorText(_ number: Int32) -> String {
    guard let text = strerror(number) else { return "error \(number)" }
    return String(cString: text)
}
