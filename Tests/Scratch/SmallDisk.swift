// A file system of a few pages, in memory. Only root can mount one, and not everywhere.

import Foundation

package final class SmallDisk {
    private let directory: TemporaryDirectory
    package var path: String { directory.path }

    package static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        do {
            _ = try SmallDisk(bytes: 1 << 20)
            return true
        } catch {
            return false
        }
    }()

    package init(bytes: Int) throws {
        directory = try TemporaryDirectory()
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes),mode=0700") == 0 else {
            throw ScratchFault(call: "mount", errno: errno)
        }
    }

    deinit {
        if umount2(path, Int32(MNT_DETACH)) != 0 { print("\(path) stays mounted") }
    }

    package func makeReadOnly() throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 else {
            throw ScratchFault(call: "remount", errno: errno)
        }
    }

    /// Takes all the room that is left, in a file whose removal gives it back.
    package func fill() throws {
        let file = open("\(path)/ballast", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ScratchFault(call: "open", errno: errno) }
        defer { close(file) }
        let page = [UInt8](repeating: 1, count: 4096)
        while write(file, page, page.count) == page.count {}
        guard errno == ENOSPC else { throw ScratchFault(call: "write", errno: errno) }
    }

    /// Gives so much of it back.
    package func free(bytes: Int) throws {
        var file = stat()
        guard stat("\(path)/ballast", &file) == 0,
            truncate("\(path)/ballast", file.st_size - off_t(bytes)) == 0
        else { throw ScratchFault(call: "truncate", errno: errno) }
    }

    package func free() throws { try FileManager.default.removeItem(atPath: "\(path)/ballast") }
}
