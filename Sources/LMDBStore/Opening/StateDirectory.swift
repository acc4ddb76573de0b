// The directory that holds the store. Only its owner can read it, one daemon at a time holds it,
// and no link may lead to it.

import Glibc

/// An open and, for a writer, locked directory. The lock ends with the process, however it ends.
package final class StateDirectory: Sendable {
    package let path: String
    private let descriptor: Int32
    private let lock: Int32?
    /// It was not there before.
    private let isMade: Bool

    /// - Parameter isExclusive: take the lock of the one daemon; a reader does without.
    package init(path: String, isExclusive: Bool) throws(StateDirectoryFault) {
        isMade = isExclusive && mkdir(path, 0o700) == 0
        if isExclusive, !isMade, errno != EEXIST { throw .cannotMake(errno: errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(errno: errno) }
        do {
            try Self.examine(descriptor)
            lock = isExclusive ? try Self.lock(descriptor) : nil
        } catch {
            Glibc.close(descriptor)
            if isMade { rmdir(path) }
            throw error
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        if let lock { Glibc.close(lock) }
        Glibc.close(descriptor)
    }

    /// Makes the names of new files durable: LMDB flushes its files, but not the directory they are
    /// in (fsync(2)), nor the one that holds the directory.
    func synchronize() throws(StateDirectoryFault) {
        guard fsync(descriptor) == 0 else { throw .cannotOpen(errno: errno) }
        let parent = openat(descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A parent that may not be read was not made by us, and its entry for us is old.
        guard parent >= 0 else { return }
        defer { Glibc.close(parent) }
        guard fsync(parent) == 0 else { throw .cannotOpen(errno: errno) }
    }

    /// Lets another daemon have the directory. The lock would end with this process anyway, but not
    /// while a child that it has just forked still holds a copy of the descriptor (flock(2)).
    func unlock() {
        if let lock { flock(lock, LOCK_UN) }
    }

    /// Takes it back, if it was made here and nothing was put there.
    func discard() {
        guard isMade else { return }
        unlinkat(descriptor, Self.lockName, 0)
        rmdir(path)
    }

    /// Whether there is no room for even one batch.
    var isFull: Bool { roomBytes.map { $0 < Self.roomMin } ?? false }

    /// What this process may still write; nil when the file system does not say.
    var roomBytes: Int? {
        var info = statvfs()
        guard fstatvfs(descriptor, &info) == 0 else { return nil }
        return Int(clamping: UInt64(info.f_bavail) * UInt64(info.f_frsize))
    }

    /// Five times what a batch of 256 changes writes that each dirty three pages of 4 KiB.
    private static let roomMin = 16 << 20

    private static let lockName = "totpd.lock"

    private static func examine(_ descriptor: Int32) throws(StateDirectoryFault) {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw .cannotOpen(errno: errno) }
        // Root may look into any directory, as an admin who checks a store does.
        guard info.st_uid == geteuid() || geteuid() == 0 else {
            throw .foreignOwner(uid: info.st_uid)
        }
        guard info.st_mode & 0o077 == 0 else { throw .exposed(mode: info.st_mode & 0o777) }
    }

    private static func lock(_ directory: Int32) throws(StateDirectoryFault) -> Int32 {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        let lock = openat(directory, lockName, flags, 0o600)
        guard lock >= 0 else { throw .cannotOpen(errno: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            Glibc.close(lock)
            throw reason == EWOULDBLOCK ? .inUse : .cannotOpen(errno: reason)
        }
        return lock
    }
}
