// A file system of a few pages, in memory. Only root can mount one, and not everywhere.

import DaemonHarness
import Foundation

final class SmallDisk {
    private let directory: TemporaryDirectory
    var path: String { directory.path }

    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        do {
            _ = try SmallDisk(bytes: 1 << 20)
            return true
        } catch {
            return false
        }
    }()

    init(bytes: Int) throws {
        directory = try TemporaryDirectory()
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes),mode=0700") == 0 else {
            throw HarnessFault.call("mount")
        }
    }

    deinit {
        if umount2(path, Int32(MNT_DETACH)) != 0 { print("\(path) stays mounted") }
    }

    func makeReadOnly() throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 else {
            throw HarnessFault.call("remount")
        }
    }

    /// Takes all the room that is left, in a file whose removal gives it back.
    func fill() throws {
        let file = try Descriptor(
            open("\(path)/ballast", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600), "open")
        let page = [UInt8](repeating: 1, count: 4096)
        while write(file.number, page, page.count) == page.count {}
        guard errno == ENOSPC else { throw HarnessFault.call("write") }
    }

    /// Gives so much of it back.
    func free(bytes: Int) throws {
        var file = stat()
        guard stat("\(path)/ballast", &file) == 0,
            truncate("\(path)/ballast", file.st_size - off_t(bytes)) == 0
        else { throw HarnessFault.call("truncate") }
    }

    func free() throws { try FileManager.default.removeItem(atPath: "\(path)/ballast") }
}
