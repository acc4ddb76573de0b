// The directory that a store is restored from. Meanwhile no daemon may serve from it: the copy
// would be of no one moment, and its codes would go on to be used.

import Glibc
import Secrets

final class RestoreSource {
    /// Nil when no daemon ever served from it, as with a copy that `backup` made.
    private let lock: Int32?

    /// Throws `RestoreRefusal` when it is the state directory itself, or a daemon serves from it.
    /// It is left as it is.
    init(_ path: String, state: String) throws {
        var (source, target) = (stat(), stat())
        if stat(path, &source) == 0, stat(state, &target) == 0 {
            guard source.st_dev != target.st_dev || source.st_ino != target.st_ino else {
                throw RestoreRefusal.ownSource
            }
        }
        lock = try Self.lock(path + "/totpd.lock")
    }

    private static func lock(_ path: String) throws -> Int32? {
        let lock = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard lock >= 0 else {
            // What else is wrong with the directory is said by whoever opens the store in it.
            guard errno == ENOENT || errno == ENOTDIR else {
                throw RestoreRefusal.failed("open \(path): \(errorText(errno))")
            }
            return nil
        }
        guard flock(lock, LOCK_SH | LOCK_NB) == 0 else {
            let reason = errno
            close(lock)
            guard reason == EWOULDBLOCK else {
                throw RestoreRefusal.failed("flock \(path): \(errorText(reason))")
            }
            throw RestoreRefusal.sourceInUse
        }
        return lock
    }

    deinit {
        if let lock { close(lock) }
    }
}
