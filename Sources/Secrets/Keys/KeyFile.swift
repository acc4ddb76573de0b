// Reads the file of master keys into memory that is wiped. It refuses a file that others can read
// or change, through whatever link.

import Glibc

package enum KeyFile {
    /// Room for several hundred keys; anything longer is a mistake.
    static let bytesMax = 65_536

    /// Reads a file. A link is followed, as Kubernetes hands secrets over by links: what counts is
    /// whose the file is that it leads to, and who may read that.
    ///
    /// - Parameter isCredential: the file was laid down by systemd, which lets the service read it
    /// by an access control list; the list's mask then shows as the group's read bit.
    package static func read(
        _ path: String, isCredential: Bool = false
    ) throws(KeyFileFault) -> KeyRing {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw fault(errno, at: path) }
        defer { close(descriptor) }
        let info = try status(descriptor)
        guard info.st_mode & S_IFMT == S_IFREG else { throw .notAFile(Kind(info)) }
        try examine(info, groupMayRead: isCredential || isOurs(group: info.st_gid))
        return try ring(from: descriptor)
    }

    /// Reads an open descriptor that somebody has handed over. A pipe is between the two of us. A
    /// file has to be like any other key file.
    package static func read(from descriptor: Int32) throws(KeyFileFault) -> KeyRing {
        let info = try status(descriptor)
        switch info.st_mode & S_IFMT {
        case S_IFIFO, S_IFSOCK: break
        case S_IFREG: try examine(info, groupMayRead: isOurs(group: info.st_gid))
        default: throw .notHandedOver(Kind(info))
        }
        return try ring(from: descriptor)
    }

    private static func status(_ descriptor: Int32) throws(KeyFileFault) -> stat {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw .unreadable(errno: errno) }
        return info
    }

    /// Why a file could not be opened. A link that leads nowhere is there, and so is no missing
    /// file.
    private static func fault(_ code: Int32, at path: String) -> KeyFileFault {
        var info = stat()
        let isLink = lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
        switch code {
        case ENOENT where isLink: return .linkToNothing
        case EACCES, EPERM: return .denied(uid: geteuid())
        default: return .unreadable(errno: code)
        }
    }

    private static func examine(_ info: stat, groupMayRead: Bool) throws(KeyFileFault) {
        guard info.st_uid == 0 || info.st_uid == geteuid() else {
            throw .foreignOwner(uid: info.st_uid)
        }
        let mode = info.st_mode & 0o777
        guard mode & 0o037 == 0 else { throw .exposed(mode: mode) }
        guard mode & 0o040 == 0 || groupMayRead else {
            throw .foreignGroup(gid: info.st_gid, mode: mode)
        }
    }

    /// Whether it is a group of this process, by which a container is given a file of root's.
    private static func isOurs(group: gid_t) -> Bool {
        if group == getegid() { return true }
        let count = getgroups(0, nil)
        guard count > 0 else { return false }
        var groups = [gid_t](repeating: 0, count: Int(count))
        let found = getgroups(count, &groups)
        return found > 0 && groups.prefix(Int(found)).contains(group)
    }

    private static func ring(from descriptor: Int32) throws(KeyFileFault) -> KeyRing {
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

    /// What stands where a file is expected.
    package enum Kind: String, Sendable {
        case directory = "a directory"
        case pipe = "a pipe"
        case socket = "a socket"
        case device = "a device"

        fileprivate init(_ info: stat) {
            switch info.st_mode & S_IFMT {
            case S_IFDIR: self = .directory
            case S_IFIFO: self = .pipe
            case S_IFSOCK: self = .socket
            default: self = .device
            }
        }
    }
}
