// Something new at a path that an admin has named: a file or a directory that appears there whole
// and durable, or not at all. It must never take the place of anything.

import Glibc
import Secrets

package enum NewPathFault: Error, Equatable, Sendable {
    /// It does not begin at the root, or has `..`, `.` or nothing between two slashes.
    case notPlain
    case exists
    /// It leads to what this service alone can see, at this place.
    case hidden(String)
    case failed(call: String, errno: Int32)

    init(_ call: String) { self = .failed(call: call, errno: errno) }
}

extension NewPathFault: CustomStringConvertible {
    /// In words for whoever named the path.
    package var description: String {
        switch self {
        case .notPlain: return "a whole path is expected, from / on and without .."
        case .exists: return "there is something already"
        case .hidden(let place):
            return "totpd's service has a \(place) of its own, which is gone when it stops"
        case .failed(_, let code): return Self.words(code)
        }
    }

    /// The same for the host's log, with the call that failed.
    package var cause: String {
        guard case .failed(let call, let code) = self else { return description }
        return "\(call): \(errorText(code))"
    }

    /// Whether another place would do.
    package var isOfPlace: Bool {
        switch self {
        case .notPlain, .exists: return false
        case .hidden: return true
        case .failed(_, let code):
            return [EROFS, EACCES, EPERM, ENOENT, ENOTDIR, ELOOP, ENOSPC, EDQUOT].contains(code)
        }
    }

    private static func words(_ code: Int32) -> String {
        switch code {
        case EROFS: return "for totpd this place is read-only"
        case EACCES, EPERM: return "totpd, as user \(geteuid()), may not write there"
        case ENOENT: return "the directory that it would be in is not there for totpd"
        case ENOTDIR, ELOOP: return "what it would be in is no directory"
        case ENOSPC, EDQUOT: return "there is no room"
        case EFBIG: return "a file there may not be as large as this"
        case ENAMETOOLONG: return "a name in it is too long"
        default: return "it could not be written (\(errorText(code)))"
        }
    }
}

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
