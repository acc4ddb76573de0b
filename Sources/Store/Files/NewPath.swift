// Makes a file or a directory at a path that an admin has named. It appears there whole and
// durable, or not at all, and replaces nothing.

import Glibc

package struct NewPath: Sendable {
    package let path: String
    /// Where it is made. What a crash left there of an earlier attempt is overwritten.
    package let draft: String
    private let parent: String

    /// Whether a path is whole; which needs no look at the disk.
    package static func isPlain(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count > 1 && parts[0].isEmpty
            && parts.dropFirst().allSatisfy { !["", ".", ".."].contains($0) }
    }

    package init(_ path: String) throws(NewPathFault) {
        guard Self.isPlain(path) else { throw .notPlain }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        self.path = path
        parent = parts.count == 2 ? "/" : parts.dropLast().joined(separator: "/")
        draft = parts.dropLast().joined(separator: "/") + "/.\(parts[parts.count - 1]).partial"
        try refuseExisting()
    }

    /// Refuses a path that leads, through links too, to what this process alone can see.
    package func refuseHidden(from table: MountTable) throws(NewPathFault) {
        guard let real = realpath(parent, nil) else { throw NewPathFault("realpath") }
        defer { free(real) }
        guard let mount = table.mount(of: String(cString: real)), table.isHidden(mount) else {
            return
        }
        throw .hidden(mount.point)
    }

    private func refuseExisting() throws(NewPathFault) {
        var info = stat()
        if lstat(path, &info) == 0 { throw .exists }
        guard errno == ENOENT else { throw NewPathFault("lstat") }
    }

    /// Makes the draft as an empty file for its owner alone. The caller closes it.
    package func makeFile() throws(NewPathFault) -> Int32 {
        if unlink(draft) != 0, errno != ENOENT { throw NewPathFault("unlink") }
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = open(draft, flags, 0o600)
        guard file >= 0 else { throw NewPathFault("open") }
        return file
    }

    /// Makes the draft as a directory for its owner alone, without any of these files.
    package func makeDirectory(without names: [String]) throws(NewPathFault) {
        if mkdir(draft, 0o700) == 0 { return }
        guard errno == EEXIST else { throw NewPathFault("mkdir") }
        for name in names {
            if unlink("\(draft)/\(name)") != 0, errno != ENOENT { throw NewPathFault("unlink") }
        }
        // It may be a link to somewhere else, or another's.
        guard rmdir(draft) == 0 else { throw NewPathFault("rmdir") }
        guard mkdir(draft, 0o700) == 0 else { throw NewPathFault("mkdir") }
    }

    /// Gives the draft its name, durably. What it holds must have been flushed.
    package func publish() throws(NewPathFault) {
        try Self.flush(draft)
        // A name that somebody takes just now is an admin's, who has no reason to.
        try refuseExisting()
        guard rename(draft, path) == 0 else { throw NewPathFault("rename") }
        try Self.flush(parent)
    }

    private static func flush(_ path: String) throws(NewPathFault) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw NewPathFault("open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw NewPathFault("fsync") }
    }

    /// Takes back a draft that is not to be.
    package func discardFile() { unlink(draft) }

    package func discardDirectory(of names: [String]) {
        for name in names { unlink("\(draft)/\(name)") }
        rmdir(draft)
    }
}
