// The state directory that a copy is put into, locked meanwhile. A start at any moment of the
// exchange finds the old store or the new one, or refuses.

import Accounts
import Glibc
import Secrets
import Store

struct RestorePlace {
    private let directory: StateDirectory
    /// From the root on.
    private let path: String

    /// Throws `RestoreRefusal` when it is not ours alone, or a daemon serves from it.
    init(_ path: String) throws {
        do {
            directory = try StateDirectory(path: path, isExclusive: true)
        } catch {
            throw RestoreRefusal.state(path, error)
        }
        guard let whole = realpath(path, nil) else {
            throw RestoreRefusal.failed("realpath: \(errorText(errno))")
        }
        defer { free(whole) }
        self.path = String(cString: whole)
    }

    /// Nothing was restored: what was not there before is not there.
    func discard() { directory.discard() }

    /// A directory beside the store's files, for the store that is being written.
    func makeDraft() throws -> NewPath {
        let draft = try NewPath(path + "/restored")
        try draft.makeDirectory(without: LMDBStore.copiedFiles)
        return draft
    }

    /// Refuses where the next start would find no room for its log, beside what is kept.
    func expectRoomToStart() throws {
        let needed = LogSegment.paths(in: path).count * LogSize.standard.bytesMin + Self.startBytes
        guard let free = directory.roomBytes, free < needed else { return }
        throw RestoreRefusal.noRoom(free, needed: needed)
    }

    /// The lock of LMDB, and what a start writes to the store before it serves.
    private static let startBytes = 1 << 20

    /// Puts the store in `draft` into its place. Returns where the old one lies now.
    func replace(with draft: NewPath, at now: Instant) throws -> String? {
        let aside = try makeAside(now)
        let hadStore: Bool
        do {
            hadStore = try exchange(draft, keepingIn: aside)
        } catch {
            takeBack(from: aside)
            throw error
        }
        try directory.synchronize()
        draft.discardDirectory(of: LMDBStore.copiedFiles)
        guard hadStore else {
            rmdir(aside)
            return nil
        }
        return aside
    }

    /// Returns whether there was a store.
    private func exchange(_ draft: NewPath, keepingIn aside: String) throws -> Bool {
        // The log first: a store that needs its log does not open without it.
        for log in LogSegment.paths(in: path) { try move(log, to: aside) }
        let data = path + "/data.mdb"
        let hadStore = try keep(data, in: aside)
        try directory.synchronize()
        let new = draft.draft + "/data.mdb"
        try giveToOwner([new, path + "/totpd.lock", aside])
        // In one step: there is never no store, which a start would take for a new place.
        try require(rename(new, data), "rename")
        return hadStore
    }

    /// What cannot be taken back stays there, under a name that says what it is.
    private func takeBack(from aside: String) {
        for log in LogSegment.paths(in: path) { rename("\(aside)/\(Self.name(of: log))", log) }
        unlink(aside + "/data.mdb")
        rmdir(aside)
    }

    private static func name(of file: String) -> Substring {
        file.split(separator: "/").last ?? ""
    }

    private func makeAside(_ now: Instant) throws -> String {
        let aside = path + "/before-restore-\(now.seconds)"
        try require(mkdir(aside, 0o700), "mkdir \(aside)")
        return aside
    }

    private func move(_ file: String, to aside: String) throws {
        if rename(file, "\(aside)/\(Self.name(of: file))") != 0, errno != ENOENT {
            throw RestoreRefusal.failed("rename \(file): \(errorText(errno))")
        }
    }

    /// A second name for the file; it keeps its first. False when there is none.
    private func keep(_ data: String, in aside: String) throws -> Bool {
        if link(data, aside + "/data.mdb") == 0 { return true }
        guard errno == ENOENT else {
            throw RestoreRefusal.failed("link \(data): \(errorText(errno))")
        }
        return false
    }

    /// Root restores for the user that totpd runs as.
    private func giveToOwner(_ files: [String]) throws {
        guard geteuid() == 0 else { return }
        var info = stat()
        try require(stat(path, &info), "stat")
        for file in files {
            try require(lchown(file, info.st_uid, info.st_gid), "chown \(file)")
        }
    }

    private func require(_ status: Int32, _ what: String) throws {
        guard status == 0 else {
            throw RestoreRefusal.failed("\(what): \(errorText(errno))")
        }
    }
}
